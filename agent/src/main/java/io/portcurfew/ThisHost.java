package io.portcurfew;

import io.portcurfew.observe.HostText;
import io.portcurfew.observe.ListenerSource;
import io.portcurfew.observe.PortRange;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.observe.Sweep;
import io.portcurfew.observe.Swept;
import io.portcurfew.observe.command.NativeSources;
import io.portcurfew.observe.linux.BindSweep;
import io.portcurfew.observe.linux.LinuxSource;
import io.portcurfew.observe.linux.LocalPortRange;
import io.portcurfew.observe.oshi.OshiSource;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds out what host this is and which sources it has. */
public final class ThisHost {

  private static final Logger LOG = LoggerFactory.getLogger(ThisHost.class);
  private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");

  private ThisHost() {}

  /**
   * This host with every source that it may have: first the kernel itself where we know how to ask
   * it, then OSHI and the native tools as witnesses.
   */
  public static Host open() {
    return open((seen, pause) -> Swept.NOTHING);
  }

  /**
   * The same host, swept where {@code cross_check.sweep} asks for it.
   *
   * @param swept whether to bind to every port now and then ({@link BindSweep})
   */
  public static Host open(boolean swept) {
    return swept ? open(isLinux() ? BindSweep::run : ThisHost::cannotSweep) : open();
  }

  private static Swept cannotSweep(Snapshot seen, Sweep.Pause pause) {
    return Swept.blind("only Linux tells enough to explain a taken port", Duration.ZERO);
  }

  private static boolean isLinux() {
    return System.getProperty("os.name", "").equals("Linux");
  }

  private static Host open(Sweep sweep) {
    String system = System.getProperty("os.name", "");
    List<ListenerSource> tools = NativeSources.forThisHost();
    if (system.contains("BSD")) {
      // OSHI asks netstat without -a there, which tells of no listener at all.
      return new Host(name(), PortRange.IANA_EPHEMERAL, tools, List.of(), sweep);
    }
    if (isLinux()) {
      return linux(tools, sweep);
    }
    return new Host(name(), PortRange.IANA_EPHEMERAL, List.of(new OshiSource()), tools, sweep);
  }

  private static Host linux(List<ListenerSource> tools, Sweep sweep) {
    List<ListenerSource> witnesses = new ArrayList<>();
    witnesses.add(new OshiSource());
    witnesses.addAll(tools);
    try {
      return new Host(name(), ephemeral(), List.of(LinuxSource.ofHost()), witnesses, sweep);
    } catch (LinkageError noNativeLibrary) {
      LOG.warn(
          "the kernel cannot be asked by sock_diag, so OSHI is the first source: {}",
          HostText.of(noNativeLibrary.toString(), 300));
      return new Host(name(), ephemeral(), List.of(witnesses.get(0)), tools);
    }
  }

  private static PortRange ephemeral() {
    try {
      return LocalPortRange.read(Path.of("/"));
    } catch (IOException unreadable) {
      return PortRange.LINUX_EPHEMERAL;
    }
  }

  /** The name that the host gives itself. */
  public static HostText name() {
    try {
      if (Files.isReadable(HOST_NAME)) {
        return HostText.of(Files.readString(HOST_NAME).strip());
      }
      return HostText.of(InetAddress.getLocalHost().getHostName());
    } catch (UnknownHostException nameless) {
      return HostText.of("localhost");
    } catch (IOException unreadable) {
      return HostText.of("unknown");
    }
  }
}
