package io.portcurfew;

import io.portcurfew.observe.HostText;
import io.portcurfew.observe.ListenerSource;
import io.portcurfew.observe.PortRange;
import io.portcurfew.observe.command.NativeSources;
import io.portcurfew.observe.oshi.OshiSource;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds out what host this is and which sources it has. */
public final class ThisHost {

  private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");
  private static final Path PORT_RANGE = Path.of("/proc/sys/net/ipv4/ip_local_port_range");

  private static final Pattern ENDS = Pattern.compile("(\\d+)\\s+(\\d+)");

  private ThisHost() {}

  /** This host with every source that it may have. */
  public static Host open() {
    String system = System.getProperty("os.name", "");
    List<ListenerSource> tools = NativeSources.forThisHost();
    if (system.contains("BSD")) {
      // OSHI asks netstat without -a there, which tells of no listener at all.
      return new Host(name(), PortRange.IANA_EPHEMERAL, tools, List.of());
    }
    return new Host(name(), ephemeral(system), List.of(new OshiSource()), tools);
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

  private static PortRange ephemeral(String system) {
    if (!system.equals("Linux")) {
      return PortRange.IANA_EPHEMERAL;
    }
    try (InputStream in = Files.newInputStream(PORT_RANGE)) {
      // In one read: a sysctl answers a second read of the same open file with nothing.
      String range = new String(in.readNBytes(64), StandardCharsets.US_ASCII);
      Matcher ends = ENDS.matcher(range.strip());
      return ends.matches()
          ? new PortRange(Integer.parseInt(ends.group(1)), Integer.parseInt(ends.group(2)))
          : PortRange.LINUX_EPHEMERAL;
    } catch (IOException | IllegalArgumentException unreadable) {
      return PortRange.LINUX_EPHEMERAL;
    }
  }
}
