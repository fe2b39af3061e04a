package io.portcurfew.cli;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A small complete capture of each format: both protocols and families, four listeners. */
final class CaptureSamples {

  /** The formats, by their names on the command line. */
  static final List<String> FORMATS =
      List.of(
          "ss",
          "lsof",
          "lsof-fields",
          "netstat-linux",
          "netstat-macos",
          "netstat-windows",
          "sockstat");

  private static final Map<String, String> SAMPLES =
      Map.of(
          "ss",
          """
          Netid State  Recv-Q Send-Q Local Address:Port Peer Address:PortProcess
          udp   UNCONN 0      0          127.0.0.1:323       0.0.0.0:*    users:(("chronyd",pid=8714,fd=5))
          tcp   LISTEN 0      128          0.0.0.0:6110      0.0.0.0:*    users:(("sshd",pid=10025,fd=3))
          tcp   LISTEN 0      128             [::]:6110         [::]:*    users:(("sshd",pid=10025,fd=4))
          udp   UNCONN 0      0              [::1]:323          [::]:*    users:(("chronyd",pid=8714,fd=6))
          """,
          "lsof",
          """
          COMMAND   PID USER   FD   TYPE DEVICE SIZE/OFF NODE NAME
          chronyd  8714 root    5u  IPv4  16224      0t0  UDP 127.0.0.1:323\s
          sshd    10025 root    3u  IPv4  28755      0t0  TCP *:6110 (LISTEN)
          sshd    10025 root    4u  IPv6  28757      0t0  TCP *:6110 (LISTEN)
          chronyd  8714 root    6u  IPv6  16225      0t0  UDP [::1]:323\s
          """,
          "lsof-fields",
          """
          p8714
          cchronyd
          Lroot
          f5
          tIPv4
          PUDP
          n127.0.0.1:323
          f6
          tIPv6
          PUDP
          n[::1]:323
          p10025
          csshd
          Lroot
          f3
          tIPv4
          PTCP
          n*:6110
          TST=LISTEN
          f4
          tIPv6
          PTCP
          n*:6110
          TST=LISTEN
          """,
          "netstat-linux",
          """
          Active Internet connections (only servers)
          Proto Recv-Q Send-Q Local Address           Foreign Address         State       PID/Program name
          tcp        0      0 0.0.0.0:6110            0.0.0.0:*               LISTEN      10025/sshd
          tcp6       0      0 :::6110                 :::*                    LISTEN      10025/sshd
          udp        0      0 127.0.0.1:323           0.0.0.0:*                           8714/chronyd
          udp6       0      0 ::1:323                 :::*                                8714/chronyd
          """,
          "netstat-macos",
          """
          Active Internet connections (including servers)
          Proto Recv-Q Send-Q  Local Address          Foreign Address        (state)     rhiwat shiwat    pid   epid  state    options
          tcp4       0      0  *.6110                 *.*                    LISTEN      131072 131072  10025      0 0x0000 0x00000006
          tcp6       0      0  *.6110                 *.*                    LISTEN      131072 131072  10025      0 0x0000 0x00000006
          udp4       0      0  127.0.0.1.323          *.*                                196724   9216   8714      0 0x0000 0x00000004
          udp6       0      0  ::1.323                *.*                                196724   9216   8714      0 0x0000 0x00000004
          """,
          "netstat-windows",
          """

          Active Connections

            Proto  Local Address          Foreign Address        State           PID
            TCP    0.0.0.0:6110           0.0.0.0:0              LISTENING       10025
            TCP    [::]:6110              [::]:0                 LISTENING       10025
            UDP    127.0.0.1:323          *:*                                    8714
            UDP    [::1]:323              *:*                                    8714
          """,
          "sockstat",
          """
          USER     COMMAND    PID   FD PROTO  LOCAL ADDRESS         FOREIGN ADDRESS
          root     sshd       10025 3  tcp6   *:6110                *:*
          root     sshd       10025 4  tcp4   *:6110                *:*
          _chrony  chronyd    8714  5  udp4   127.0.0.1:323         *:*
          _chrony  chronyd    8714  6  udp6   ::1:323               *:*
          """);

  private CaptureSamples() {}

  static String of(String format) {
    return Objects.requireNonNull(SAMPLES.get(format), format);
  }
}
