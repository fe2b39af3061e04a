package io.portcurfew.host;

import io.portcurfew.observe.Gap;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.ListenerSource;
import io.portcurfew.observe.PortRange;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.observe.View;
import io.portcurfew.observe.linux.LinuxSource;
import io.portcurfew.observe.linux.sweep.BindSweep;
import io.portcurfew.observe.linux.sweep.LocalPortRange;
import io.portcurfew.observe.oshi.OshiSource;
import io.portcurfew.observe.sweep.Sweep;
import io.portcurfew.observe.sweep.SweepResult;
import io.portcurfew.observe.tool.NativeSources;
import io.portcurfew.process.Threads;
import io.portcurfew.process.Ticker;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Builds the host with the sources of its platform. */
public final class HostFactory {

  private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");

  private HostFactory() {}

  /**
   * This host with every source that it may have: first the kernel itself on Linux, then OSHI and
   * the native tools as witnesses.
   */
  public static Host open() {
    return open((seen, pause) -> SweepResult.NOTHING);
  }

  /**
   * The same host, with a sweep for {@code cross_check.sweep}.
   *
   * @param swept true to bind to every port now and then ({@link BindSweep})
   */
  public static Host open(boolean swept) {
    return swept ? open(isLinux() ? HostFactory::sweepLinux : HostFactory::cannotSweep) : open();
  }

  private static SweepResult sweepLinux(Snapshot seen, Sweep.Pause pause)
      throws InterruptedException {
    try {
      return BindSweep.run(seen, pause);
    } catch (LinkageError noNativeLibrary) {
      return SweepResult.blind(why(noNativeLibrary), Duration.ZERO);
    }
  }

  private static SweepResult cannotSweep(Snapshot seen, Sweep.Pause pause) {
    return SweepResult.blind("only Linux shows enough to explain a taken port", Duration.ZERO);
  }

  static boolean isLinux() {
    return System.getProperty("os.name", "").equals("Linux");
  }

  private static Host open(Sweep sweep) {
    String system = System.getProperty("os.name", "");
    List<ListenerSource> tools = NativeSources.forThisHost();
    if (system.contains("BSD")) {
      // OSHI runs netstat without -a there, which shows no listener at all.
      return host(PortRange.IANA_EPHEMERAL, tools, List.of(), sweep);
    }
    if (isLinux()) {
      return linux(tools, sweep);
    }
    return host(PortRange.IANA_EPHEMERAL, List.of(oshi()), tools, sweep);
  }

  private static Host linux(List<ListenerSource> tools, Sweep sweep) {
    try {
      ListenerSource kernel = LinuxSource.ofHost();
      // OSHI looks for libraries and runs programs of the host (ldconfig, getconf) when it starts.
      ListenerSource oshi = new LateSource(OshiSource.NAME, HostFactory::oshi);
      List<ListenerSource> witnesses = Stream.concat(Stream.of(oshi), tools.stream()).toList();
      return host(ephemeral(), List.of(kernel), witnesses, sweep);
    } catch (LinkageError noNativeLibrary) {
      // Without it OSHI sees less too, so the tools are asked.
      List<ListenerSource> first = new ArrayList<>();
      first.add(noKernel(why(noNativeLibrary)));
      first.add(noOshi(noNativeLibrary));
      first.addAll(tools);
      return host(ephemeral(), first, List.of(), sweep);
    }
  }

  private static Host host(
      PortRange ephemeral,
      List<ListenerSource> first,
      List<ListenerSource> witnesses,
      Sweep sweep) {
    return new Host(
        name(),
        ephemeral,
        first,
        witnesses,
        sweep,
        Ticker.SYSTEM,
        Threads.SYSTEM,
        ForcedLibraries.ofThisProcess());
  }

  private static ListenerSource oshi() {
    try {
      return new OshiSource();
    } catch (LinkageError noNativeLibrary) {
      return noOshi(noNativeLibrary);
    }
  }

  private static BlindSource noOshi(LinkageError noNativeLibrary) {
    return new BlindSource(
        View.blind(OshiSource.NAME, why(noNativeLibrary), Gap.Cause.NO_NATIVE_LIBRARY));
  }

  /** No other source observes other namespaces. */
  private static BlindSource noKernel(String why) {
    String name = LinuxSource.NAME;
    String elsewhere = "only the network namespace of this agent is observed";
    List<Gap> gaps =
        List.of(
            new Gap(
                name,
                Gap.What.LISTENERS,
                "cannot ask the kernel: " + why,
                Gap.Cause.NO_NATIVE_LIBRARY),
            new Gap(name, Gap.What.NAMESPACE, elsewhere));
    return new BlindSource(new View(name, false, List.of(), gaps));
  }

  /** JNA unpacks its library below java.io.tmpdir, which may be mounted noexec. */
  private static String why(LinkageError noNativeLibrary) {
    return "cannot use the native library of JNA: " + HostText.of(noNativeLibrary.toString(), 300);
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
