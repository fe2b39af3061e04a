package io.portcurfew.explain;

import io.portcurfew.observe.Protocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The commands to check one port by hand, by platform. Each matches exactly the local port: never
 * 6110 for 611, a remote port or a pid. The Linux commands were tested with lsof 4.95 and iproute2
 * 6.1; those for other systems come from their manuals.
 */
final class ManualCommands {

  private ManualCommands() {}

  static List<ManualCommand> commands(int port, Set<Protocol> protocols, Platform platform) {
    return switch (platform) {
      case LINUX -> linux(port, protocols);
      case MACOS -> macos(port, protocols);
      case WINDOWS -> windows(port, protocols);
      case FREEBSD -> List.of(sockstat(port, protocols));
      case OTHER ->
          List.of(
              new ManualCommand(
                  "netstat -an", "Read the column of local addresses; the port is at its end."));
    };
  }

  private static List<ManualCommand> linux(int port, Set<Protocol> protocols) {
    List<ManualCommand> commands = new ArrayList<>();
    String flags =
        (protocols.contains(Protocol.TCP) ? " -t" : "")
            + (protocols.contains(Protocol.UDP) ? " -u" : "");
    commands.add(
        new ManualCommand(
            "ss -H -n" + flags + " -l -p 'sport = :" + port + "'",
            "Prints nothing if nothing listens. Without root it omits owners of other users."
                + " Processes choose the printed names themselves. It shows only the network"
                + " namespace of your shell; for a container put nsenter -t PID -n before it."));
    commands.addAll(lsof(port, protocols));
    if (PortNumberFacts.BINDRESVPORT.contains(port)) {
      commands.add(rpcinfo(port));
    }
    return commands;
  }

  private static List<ManualCommand> macos(int port, Set<Protocol> protocols) {
    List<ManualCommand> commands = new ArrayList<>(lsof(port, protocols));
    if (protocols.contains(Protocol.TCP)) {
      commands.add(
          new ManualCommand(
              "netstat -anv -p tcp | awk '$4 ~ /[.]" + port + "$/ && $6 == \"LISTEN\"'",
              "A second source, also for sockets of launchd. The port follows a dot."));
    }
    if (protocols.contains(Protocol.UDP)) {
      commands.add(
          new ManualCommand(
              "netstat -anv -p udp | awk '$4 ~ /[.]" + port + "$/'",
              "UDP has no state LISTEN. A row with a remote address is a client."));
    }
    if (PortNumberFacts.BINDRESVPORT.contains(port)) {
      commands.add(rpcinfo(port));
    }
    return commands;
  }

  private static List<ManualCommand> lsof(int port, Set<Protocol> protocols) {
    List<ManualCommand> commands = new ArrayList<>();
    if (protocols.contains(Protocol.TCP)) {
      commands.add(
          new ManualCommand(
              "lsof -nP -iTCP:" + port + " -sTCP:LISTEN",
              "Exit status 1 without a row: nothing listens, or you may not see the listener."));
    }
    if (protocols.contains(Protocol.UDP)) {
      commands.add(
          new ManualCommand(
              "lsof -nP -iUDP:" + port + " | awk '$9 !~ /->/'",
              "lsof also matches remote ports, so awk drops connected sockets. Do not combine it"
                  + " with the TCP command: with -sTCP:LISTEN, lsof 4.95 omits UDP."));
    }
    return commands;
  }

  private static ManualCommand rpcinfo(int port) {
    return new ManualCommand(
        "rpcinfo -p | awk '$4 == " + port + "'",
        "Shows the RPC services registered with the port mapper. It proves no owner.");
  }

  private static List<ManualCommand> windows(int port, Set<Protocol> protocols) {
    List<ManualCommand> commands = new ArrayList<>();
    if (protocols.contains(Protocol.TCP)) {
      commands.add(
          new ManualCommand(
              "Get-NetTCPConnection -State Listen -LocalPort " + port,
              "For PowerShell. OwningProcess is the pid; 4 is the system itself."));
    }
    if (protocols.contains(Protocol.UDP)) {
      commands.add(
          new ManualCommand(
              "Get-NetUDPEndpoint -LocalPort " + port,
              "For PowerShell. OwningProcess is the pid; 4 is the system itself."));
    }
    commands.add(
        new ManualCommand(
            "netstat -ano",
            "Read the second column yourself: findstr also matches longer numbers, remote ports"
                + " and pids. The names of the states depend on the language of Windows."));
    return commands;
  }

  private static ManualCommand sockstat(int port, Set<Protocol> protocols) {
    String only = protocols.size() > 1 ? "" : " -P " + protocols.iterator().next().label();
    return new ManualCommand(
        "sockstat -46l" + only + " -p " + port,
        "Shows listening sockets with user, command and pid.");
  }
}
