package io.portcurfew.observe.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.Address;
import io.portcurfew.observe.linux.kernel.KernelSocket;
import io.portcurfew.observe.linux.kernel.SocketTable;
import io.portcurfew.observe.linux.netlink.DiagTable;
import io.portcurfew.observe.linux.netlink.SockDiag;
import io.portcurfew.system.Requirement;
import io.portcurfew.tags.LiveHost;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** A comparison with ss about the same sockets: protocol, address, port, inode, v6only. */
@LiveHost
@EnabledOnOs(OS.LINUX)
class SsDifferentialTest {

  private static final Path SS = Path.of("/usr/bin/ss");
  private static final Pattern ROW =
      Pattern.compile("(tcp|udp)\\s+(?:LISTEN|UNCONN)\\s+\\d+\\s+\\d+\\s+(\\S+):(\\d+)\\s.*");
  private static final Pattern INODE = Pattern.compile(".*\\bino:(\\d+).*");
  private static final Pattern V6ONLY = Pattern.compile(".*\\bv6only:([01]).*");

  private static final String SCRIPT =
      """
      kept = []
      for family, addresses in ((socket.AF_INET, ('127.0.0.1', '0.0.0.0', '127.9.8.7')),
                                (socket.AF_INET6, ('::1', '::', '::ffff:127.0.0.1'))):
          for address in addresses:
              for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
                  for only in (0, 1):
                      s = socket.socket(family, kind)
                      if family == socket.AF_INET6:
                          if only and '.' in address: continue
                          s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, only)
                      s.bind((address, 0))
                      if kind == socket.SOCK_STREAM: s.listen(5)
                      kept.append(s)
      bound = socket.socket(); bound.bind(('127.0.0.1', 0))
      ready(*[os.fstat(s.fileno()).st_ino for s in kept + [bound]])
      """;

  @Test
  void ssAgreesOnEverySocketThatWeOpened() throws Exception {
    Requirement.that(Files.isExecutable(SS), "the program ss");
    try (PythonProcess python = PythonProcess.run(SCRIPT);
        SocketTable table = new DiagTable("sock_diag", SockDiag.open())) {
      Set<String> ours = new TreeSet<>();
      Set<Long> inodes = python.words();
      for (KernelSocket socket : table.look(20_000).sockets()) {
        if (inodes.contains(socket.inode())) {
          ours.add(
              text(
                  socket.transport().label(),
                  socket.address(),
                  socket.port(),
                  socket.inode(),
                  socket.v6only()));
        }
      }
      Set<String> theirs = ofSs(inodes);
      assertThat(theirs).hasSize(22);
      assertThat(ours).isEqualTo(theirs);
    }
  }

  private static Set<String> ofSs(Set<Long> inodes) throws IOException {
    Process ss = new ProcessBuilder(SS.toString(), "-Htulne").start();
    String reported = new String(ss.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    Set<String> rows = new TreeSet<>();
    for (String line : reported.split("\n", -1)) {
      Matcher row = ROW.matcher(line);
      Matcher inode = INODE.matcher(line);
      if (row.matches() && inode.matches() && inodes.contains(Long.parseLong(inode.group(1)))) {
        Matcher only = V6ONLY.matcher(line);
        String host = row.group(2).equals("*") ? "::" : row.group(2);
        rows.add(
            text(
                row.group(1),
                Address.parse(host).orElseThrow(),
                Integer.parseInt(row.group(3)),
                Long.parseLong(inode.group(1)),
                only.matches() ? only.group(1).equals("1") : null));
      }
    }
    return rows;
  }

  private static String text(
      String protocol, Address address, int port, long inode, Boolean v6only) {
    return protocol + " " + address + " " + port + " " + inode + " v6only=" + v6only;
  }
}
