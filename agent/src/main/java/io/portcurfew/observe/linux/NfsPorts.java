package io.portcurfew.observe.linux;

import io.portcurfew.observe.linux.proc.ProcFs;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The ports of the NFS server and its lock manager in the kernel, as far as the kernel shows them:
 * the list of nfsd (nfsd(7)) and the fixed ports of lockd (fs.nfs.nlm_tcpport, lockd(8)).
 *
 * @param modules by protocol and port, as in {@code tcp 2049}
 */
record NfsPorts(Map<String, String> modules) {

  private static final String PORT_LIST = "proc/fs/nfsd/portlist";
  private static final String LOCK_PORT = "proc/sys/fs/nfs/nlm_%sport";

  /** Reads the ports of this host. */
  static NfsPorts read(ProcFs proc) {
    Map<String, String> modules = new HashMap<>();
    byte[] list = proc.read(PORT_LIST);
    String text = list == null ? "" : new String(list, StandardCharsets.ISO_8859_1);
    text.lines().map(String::strip).forEach(line -> modules.put(line, "nfsd"));
    for (String protocol : new String[] {"tcp", "udp"}) {
      byte[] port = proc.read(LOCK_PORT.formatted(protocol));
      if (port != null) {
        String number = new String(port, StandardCharsets.ISO_8859_1).strip();
        modules.putIfAbsent(protocol + " " + number, "lockd");
      }
    }
    return new NfsPorts(modules);
  }

  /** Returns the module with this port, or {@code null}. */
  @Nullable String holder(String protocol, int port) {
    return modules.get(protocol + " " + port);
  }
}
