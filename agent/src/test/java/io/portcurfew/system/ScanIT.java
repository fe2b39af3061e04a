package io.portcurfew.system;

import static io.portcurfew.system.Program.PORTCURFEW;
import static io.portcurfew.system.Program.holding;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.system.Program.Ended;
import io.portcurfew.system.Program.Python;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The finished distribution looks at real sockets, in a network namespace of the test's own. */
class ScanIT {

  private Namespace here;

  @BeforeEach
  void create() throws Exception {
    Requirement.program("python3");
    here = Namespace.create("scan");
  }

  @AfterEach
  void delete() throws Exception {
    if (here != null) {
      here.close();
    }
  }

  private Ended scan(String... options) throws Exception {
    String[] command = new String[options.length + 2];
    command[0] = PORTCURFEW;
    command[1] = "scan";
    System.arraycopy(options, 0, command, 2, options.length);
    return here.run(command);
  }

  @Test
  void aHostWithPort611ClosedIsCompliant() throws Exception {
    Ended ended = scan();
    assertThat(ended.out()).startsWith("COMPLIANT");
    assertThat(ended.err()).isEmpty();
    assertThat(ended.status()).isEqualTo(0);
  }

  @ParameterizedTest
  @CsvSource({
    "TCP, V4, 127.0.0.1, tcp 127.0.0.1:611",
    "TCP, V4, 127.0.0.2, tcp 127.0.0.2:611",
    "TCP, V4, 0.0.0.0, tcp 0.0.0.0:611",
    "TCP, V6, ::1, tcp [::1]:611",
    "TCP, V6, ::, tcp [::]:611",
    "UDP, V4, 127.0.0.1, udp 127.0.0.1:611",
    "UDP, V6, ::1, udp [::1]:611"
  })
  void listenerOnPort611_namesPidExecutableAndUser(
      String kind, String family, String address, String shown) throws Exception {
    String open = "s = bound(" + kind + ", " + family + ", '" + address + "', 611)";
    String listen = kind.equals("TCP") ? "s.listen(1)" : "";
    try (Python holder = Python.start(here.prefix(), holding(open, listen))) {
      Ended ended = scan();
      assertThat(ended.out())
          .startsWith("NOT COMPLIANT: ")
          .containsPattern(
              "CRITICAL open \\[npmp-gui\\] "
                  + java.util.regex.Pattern.quote(shown)
                  + " is open and should be closed; held by pid "
                  + holder.pid()
                  + " \\([^)]*\\) /\\S*python3\\S* as root");
      assertThat(ended.status()).isEqualTo(1);
    }
    assertThat(scan().status()).isEqualTo(0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "s = bound(TCP, V4, '127.0.0.1', 611)",
        "s = bound(TCP, V4, '127.0.0.1', 6110); s.listen(1)",
        "s = bound(TCP, V4, '127.0.0.1', 25346); s.listen(1)",
        "s = bound(UDP, V4, '127.0.0.1', 611); s.connect(('127.0.0.1', 53))"
      })
  void silentSocketOnPort611_isNoFinding(String open) throws Exception {
    try (Python holder = Python.start(here.prefix(), holding(open))) {
      assertThat(holder.pid()).isPositive();
      Ended ended = scan();
      assertThat(ended.out()).doesNotContain("CRITICAL");
      assertThat(ended.status()).isEqualTo(0);
    }
  }

  @Test
  void clientOfARemotePort611_isNoFinding() throws Exception {
    try (Namespace there = Namespace.create("there")) {
      here.connect(there);
      String serve = "s = bound(TCP, V4, '0.0.0.0', 611); s.listen(1)";
      String call = "c = socket.create_connection(('10.61.1.2', 611))";
      try (Python server = Python.start(there.prefix(), holding(serve));
          Python client = Python.start(here.prefix(), holding(call))) {
        assertThat(client.pid()).isNotEqualTo(server.pid());
        Ended ended = scan();
        assertThat(ended.out()).contains("1 finding\n");
        assertThat(ended.out()).contains("tcp 0.0.0.0:611 in " + there.name() + " is open");
      }
    }
  }

  @Test
  void unprivilegedScan_findsTheListenerWithoutOwner(@TempDir Path temp) throws Exception {
    String open = "s = bound(TCP, V4, '127.0.0.1', 611); s.listen(1)";
    try (Python holder = Python.start(here.prefix(), holding(open))) {
      assertThat(holder.pid()).isPositive();
      Ended ended =
          PublicDistribution.into(temp)
              .run(here.prefix(), PublicDistribution.AS_NOBODY, "scan", "--output", "json");
      assertThat(ended.out()).contains("\"kind\": \"open\"").contains("only root may see");
      assertThat(ended.out()).contains("held by an unknown owner");
      assertThat(ended.status()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sleep 3600 | did not end within 5000 ms and was killed",
        "yes 0123456789012345678901234567890123456789 | more than",
        "exit 7 | 7",
        "exec cat /dev/null | there is no output"
      })
  void brokenTools_areDownAndTheScanGoesOn(String script, String why, @TempDir Path temp)
      throws Exception {
    Path fake = Files.writeString(temp.resolve("fake"), "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(fake, PosixFilePermissions.fromString("rwxr-xr-x"));
    String mounts =
        "for t in ss lsof netstat; do for d in /usr/bin /bin /usr/sbin /sbin; do"
            + " [ -e $d/$t ] && mount --bind "
            + fake
            + " $(readlink -f $d/$t); done; done;";
    // The first of them would end long after the time that this waits for the scan.
    Ended ended =
        here.run("unshare", "--mount", "sh", "-c", mounts + " exec " + PORTCURFEW + " scan");
    assertThat(ended.out()).contains("ss down").contains("netstat down").contains(why);
    assertThat(ended.status()).isEqualTo(0);
  }

  @Test
  void udpClient_isJudgedOnlyByRulesOfItsPort(@TempDir Path temp) throws Exception {
    Files.writeString(
        temp.resolve("policy.yaml"),
        """
        version: 1
        default: deny
        rules: [{name: no-games, ports: 20050, expect: closed, severity: warning}]
        """);
    Path config = Files.writeString(temp.resolve("portcurfew.yaml"), "policy: policy.yaml");
    String open =
        """
        open('/proc/sys/net/ipv4/ip_local_port_range', 'w').write('20000 20040')
        client = socket.socket(V4, UDP); client.bind(('0.0.0.0', 0))
        clients = [client, bound(UDP, V6, '::', 20048)]
        open('/proc/sys/net/ipv4/ip_local_port_range', 'w').write('20000 20050')
        servers = [bound(UDP, V4, '0.0.0.0', 20050), bound(UDP, V4, '127.0.0.1', 20049),
                   bound(UDP, V4, '0.0.0.0', 40000), bound(TCP, V4, '0.0.0.0', 20048)]
        servers[-1].listen(1)
        """;
    try (Python holder = Python.start(here.prefix(), holding(open))) {
      assertThat(holder.pid()).isPositive();
      Ended ended = scan("--config", config.toString());
      assertThat(ended.out())
          .containsPattern("udp +0\\.0\\.0\\.0 +200[0-4]\\d +\\S+ \\(ephemeral\\)")
          .containsPattern("udp +:: and IPv4 +20048 +\\S+ \\(ephemeral\\)")
          .contains("open [no-games] udp 0.0.0.0:20050")
          .containsPattern("udp +127\\.0\\.0\\.1 +20049 +\\S+ \\(ephemeral\\)")
          .containsPattern("\\[default] udp 0.0.0.0:40000")
          .containsPattern("\\[default] tcp 0.0.0.0:20048")
          .doesNotContain("[default] udp [::]:20048")
          .doesNotContainPattern("\\[default] udp 0\\.0\\.0\\.0:200[0-4]");
    }
  }

  @Test
  void missingNativeLibrary_leavesTheToolsAndAGap(@TempDir Path temp) throws Exception {
    Path config =
        Files.writeString(temp.resolve("portcurfew.yaml"), "cross_check: {every: 1h, sweep: true}");
    String options =
        "PORTCURFEW_JAVA_OPTIONS=-Djna.nounpack=true -Djna.nosys=true -Djna.boot.library.path="
            + temp;
    String open = "s = bound(TCP, V4, '127.0.0.1', 611); s.listen(1)";
    try (Python holder = Python.start(here.prefix(), holding(open))) {
      Ended ended = here.run("env", options, PORTCURFEW, "scan", "--config", config.toString());
      assertThat(ended.err()).isEmpty();
      assertThat(ended.out())
          .contains("CRITICAL open [npmp-gui] tcp 127.0.0.1:611 is open")
          .contains("held by pid " + holder.pid())
          .contains("sock_diag: cannot ask the kernel: cannot use the native library of JNA")
          .contains("sock_diag: only the network namespace of this agent is observed")
          .contains("oshi: cannot use the native library of JNA")
          .contains("bind_sweep: no port could be tried: cannot use the native library of JNA");
      assertThat(ended.status()).isEqualTo(1);
    }
  }

  @Test
  void absentTools_areReportedAndTheScanGoesOn(@TempDir Path temp) throws Exception {
    Files.createDirectories(temp.resolve("upper"));
    Files.createDirectories(temp.resolve("work"));
    String hide =
        "mount -t overlay overlay -o lowerdir=/usr/bin,upperdir="
            + temp.resolve("upper")
            + ",workdir="
            + temp.resolve("work")
            + " /usr/bin && rm -f /usr/bin/ss /usr/bin/lsof /usr/bin/netstat && exec ";
    Ended ended = here.run("unshare", "--mount", "sh", "-c", hide + PORTCURFEW + " scan");
    assertThat(ended.out()).contains("ss not installed, lsof not installed, netstat not installed");
    assertThat(ended.status()).isEqualTo(0);
  }
}
