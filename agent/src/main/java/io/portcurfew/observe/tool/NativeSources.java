package io.portcurfew.observe.tool;

import io.portcurfew.observe.ListenerSource;
import io.portcurfew.observe.command.LsofFields;
import io.portcurfew.observe.command.NetstatLinux;
import io.portcurfew.observe.command.NetstatMacos;
import io.portcurfew.observe.command.NetstatWindows;
import io.portcurfew.observe.command.Sockstat;
import io.portcurfew.observe.command.Ss;
import io.portcurfew.process.ProcessRunner;
import io.portcurfew.process.RootOnly;
import io.portcurfew.process.ToolTrust;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Native tools of each system that show listeners. They are compared with the primary source. */
public final class NativeSources {

  /** Folders that only root can write to; /usr/local is not one of them. */
  private static final List<Path> UNIX_FOLDERS =
      Stream.of("/usr/bin", "/bin", "/usr/sbin", "/sbin").map(Path::of).toList();

  private static final List<Path> WINDOWS_FOLDERS = List.of(Path.of("C:\\Windows\\System32"));

  /**
   * Trusts System32. Only the installer of the system writes to it, and Java cannot read its access
   * control lists.
   */
  private static final ToolTrust SYSTEM_FOLDER = tool -> Optional.empty();

  private static final List<String> LSOF = List.of("-nP", "-w", "-i", "-F", "0pcuLftPnT");

  private final boolean root;
  private final Toolbox tools;
  private final Runners runners;

  /** Creates the runner of one source. */
  interface Runners {
    ProcessRunner make();
  }

  private NativeSources(boolean root, Toolbox tools, Runners runners) {
    this.root = root;
    this.tools = tools;
    this.runners = runners;
  }

  /**
   * Returns the sources of this host, installed or not: {@code ss}, {@code lsof} and {@code
   * netstat} on Linux, {@code lsof} and {@code netstat} on macOS, {@code netstat} on Windows,
   * {@code sockstat} on FreeBSD; none on other systems.
   */
  public static List<ListenerSource> forThisHost() {
    String system = System.getProperty("os.name", "");
    Toolbox tools =
        system.startsWith("Windows")
            ? new Toolbox(WINDOWS_FOLDERS, SYSTEM_FOLDER)
            : new Toolbox(UNIX_FOLDERS, new RootOnly());
    boolean root = System.getProperty("user.name", "").equals("root");
    return List.copyOf(forHost(system, root, tools, ProcessRunner::new));
  }

  /**
   * Returns the sources of a host.
   *
   * @param system its name, as in the system property {@code os.name}
   * @param root true if the agent runs as root
   */
  static List<CommandSource> forHost(String system, boolean root, Toolbox tools, Runners runners) {
    NativeSources sources = new NativeSources(root, tools, runners);
    String name = system.toLowerCase(Locale.ROOT);
    if (name.equals("linux")) {
      return List.of(sources.ss(), sources.lsof(), sources.netstatLinux());
    }
    if (name.equals("mac os x")) {
      return List.of(sources.lsof(), sources.netstatMacos());
    }
    if (name.startsWith("windows")) {
      return List.of(sources.netstatWindows());
    }
    return name.equals("freebsd") ? List.of(sources.sockstat()) : List.of();
  }

  /** Runs ss with its header: output without a header proves nothing. Old versions have no -O. */
  private CommandSource ss() {
    List<String> old = List.of("-n", "-t", "-u", "-l", "-p", "-e");
    List<CommandVariant> attempts =
        List.of(
            new CommandVariant(Stream.concat(old.stream(), Stream.of("-O")).toList(), new Ss()),
            new CommandVariant(old, new Ss()));
    return source("ss", "ss", attempts, new ToolAnswer(true, false, root));
  }

  /** Runs lsof. It lists sockets by owner, so a socket without a visible owner is missing. */
  private CommandSource lsof() {
    List<CommandVariant> attempts = List.of(new CommandVariant(LSOF, new LsofFields()));
    return source("lsof", "lsof", attempts, new ToolAnswer(false, false, root));
  }

  /** Runs netstat of Linux. BusyBox may lack -W and -p. */
  private CommandSource netstatLinux() {
    List<CommandVariant> attempts =
        List.of(
            new CommandVariant(List.of("-tulnpW"), new NetstatLinux(true)),
            new CommandVariant(List.of("-tulnp"), new NetstatLinux()),
            new CommandVariant(List.of("-tuln"), new NetstatLinux()));
    return source("netstat", "netstat", attempts, new ToolAnswer(true, true, root));
  }

  private CommandSource netstatMacos() {
    List<CommandVariant> attempts =
        List.of(new CommandVariant(List.of("-anv"), new NetstatMacos()));
    return source("netstat", "netstat", attempts, new ToolAnswer(true, false, root));
  }

  private CommandSource netstatWindows() {
    List<CommandVariant> attempts =
        List.of(new CommandVariant(List.of("-ano"), new NetstatWindows()));
    return source("netstat", "netstat.exe", attempts, new ToolAnswer(true, false, root));
  }

  /**
   * Runs sockstat. security.bsd.see_other_uids can hide the sockets of other users from everyone
   * except root.
   */
  private CommandSource sockstat() {
    List<CommandVariant> attempts =
        List.of(
            new CommandVariant(List.of("-46lnw"), new Sockstat()),
            new CommandVariant(List.of("-46l"), new Sockstat()));
    return source("sockstat", "sockstat", attempts, new ToolAnswer(root, false, root));
  }

  private CommandSource source(
      String name, String file, List<CommandVariant> attempts, ToolAnswer answer) {
    return new CommandSource(name, file, tools, runners.make(), attempts, answer);
  }
}
