package io.portcurfew;

import io.portcurfew.observe.HostText;
import io.portcurfew.observe.ListenerSource;
import io.portcurfew.observe.PortRange;
import io.portcurfew.observe.command.NativeSources;
import io.portcurfew.observe.linux.LinuxSource;
import io.portcurfew.observe.linux.LocalPortRange;
import io.portcurfew.observe.oshi.OshiSource;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
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
    String system = System.getProperty("os.name", "");
    List<ListenerSource> tools = NativeSources.forThisHost();
    if (system.contains("BSD")) {
      // OSHI asks netstat without -a there, which tells of no listener at all.
      return new Host(name(), PortRange.IANA_EPHEMERAL, tools, List.of());
    }
    if (system.equals("Linux")) {
      return linux(tools);
    }
    return new Host(name(), PortRange.IANA_EPHEMERAL, List.of(new OshiSource()), tools);
  }

  private static Host linux(List<ListenerSource> tools) {
    List<ListenerSource> witnesses = new ArrayList<>();
    witnesses.add(new OshiSource());
    witnesses.addAll(tools);
    try {
      return new Host(name(), ephemeral(), List.of(LinuxSource.ofHost()), witnesses);
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
