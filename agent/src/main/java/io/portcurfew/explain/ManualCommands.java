package io.portcurfew.explain;

import io.portcurfew.observe.Protocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The commands with which a person looks at one port, by platform. Each matches the local port as a
 * whole: never 6110, never a remote port, never a pid. Those for Linux were tried with lsof 4.95
 * and iproute2 6.1; those for the other systems are from their manuals.
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
                  "netstat -an", "Read the column of local addresses by eye, up to its end."));
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
            "Prints nothing where nothing listens; without root it leaves out the owners, whose"
                + " names are of their own choice."
                + " It asks one network namespace, that of your shell; for a container put"
                + " nsenter -t PID -n before it."));
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
              "A second witness, also for sockets that launchd holds; the port follows a dot."));
    }
    if (protocols.contains(Protocol.UDP)) {
      commands.add(
          new ManualCommand(
              "netstat -anv -p udp | awk '$4 ~ /[.]" + port + "$/'",
              "UDP has no LISTEN; a row with a remote address is a client."));
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
              "Exit status 1 and no row: nothing listens, or you may not see it."));
    }
    if (protocols.contains(Protocol.UDP)) {
      commands.add(
          new ManualCommand(
              "lsof -nP -iUDP:" + port + " | awk '$9 !~ /->/'",
              "lsof takes remote ports too, so awk drops connected sockets. Not to be joined with"
                  + " the TCP call: beside -sTCP:LISTEN, lsof 4.95 leaves UDP out."));
    }
    return commands;
  }

  private static ManualCommand rpcinfo(int port) {
    return new ManualCommand(
        "rpcinfo -p | awk '$4 == " + port + "'",
        "The RPC services that told the port mapper that they are here; it proves no owner.");
  }

  private static List<ManualCommand> windows(int port, Set<Protocol> protocols) {
    List<ManualCommand> commands = new ArrayList<>();
    if (protocols.contains(Protocol.TCP)) {
      commands.add(
          new ManualCommand(
              "Get-NetTCPConnection -State Listen -LocalPort " + port,
              "PowerShell. OwningProcess is the pid; 4 is the system itself."));
    }
    if (protocols.contains(Protocol.UDP)) {
      commands.add(
          new ManualCommand(
              "Get-NetUDPEndpoint -LocalPort " + port,
              "PowerShell. OwningProcess is the pid; 4 is the system itself."));
    }
    commands.add(
        new ManualCommand(
            "netstat -ano",
            "Read the second column by eye: findstr would also take longer numbers, remote ports"
                + " and pids. The words for the states follow the language of Windows."));
    return commands;
  }

  private static ManualCommand sockstat(int port, Set<Protocol> protocols) {
    String only = protocols.size() > 1 ? "" : " -P " + protocols.iterator().next().label();
    return new ManualCommand(
        "sockstat -46l" + only + " -p " + port, "Shows listening sockets with user, command, pid.");
  }
}
