package io.portcurfew.doctor;

import io.portcurfew.config.AgentConfig;
import io.portcurfew.config.LoadedConfig;
import io.portcurfew.config.files.FileErrorText;
import io.portcurfew.host.ForcedLibraries;
import io.portcurfew.host.Host;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.observe.linux.KernelFeatures;
import io.portcurfew.observe.linux.LinuxSource;
import io.portcurfew.observe.linux.events.LinuxEvents;
import io.portcurfew.state.StateFolderStatus;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Observes once with every source and checks everything that the agent needs. Changes nothing. */
public final class Doctor {

  private final Host host;
  private final LoadedConfig loaded;
  private final String configSource;
  private final List<Check> checks = new ArrayList<>();

  private Doctor(Host host, LoadedConfig loaded, String configSource) {
    this.host = host;
    this.loaded = loaded;
    this.configSource = configSource;
  }

  /**
   * Examines a host.
   *
   * @param configSource the source of the config, as shown to people
   * @throws InterruptedException if the thread is interrupted
   */
  public static Diagnosis examine(Host host, LoadedConfig loaded, String configSource, Instant now)
      throws InterruptedException {
    Doctor doctor = new Doctor(host, loaded, configSource);
    doctor.examine(now);
    return new Diagnosis(host.name(), doctor.checks);
  }

  private void examine(Instant now) throws InterruptedException {
    AgentConfig config = loaded.config();
    Snapshot snapshot = host.lookWithAll(now);
    checks.addAll(SourceChecks.of(snapshot));
    Optional<LinuxSource> kernel = host.source(LinuxSource.class);
    ProcessContext context = kernel.isPresent() ? context() : null;
    checks.add(OwnerCheck.of(snapshot, context));
    if (kernel.isPresent() && context != null) {
      linux(kernel.get(), context, snapshot);
    }
    checks.add(VisibilityChecks.shortLived(config.scan()));
    checks.add(AgentChecks.program());
    checks.add(AgentChecks.config(configSource));
    checks.add(AgentChecks.policy(loaded));
    checks.add(AgentChecks.clock(now, installed(), ZoneId.systemDefault()));
    Long agent = state(config.state());
    checks.add(WebCheck.of(config.web(), isOurs(config.web().getAddress()), snapshot, agent));
    checks.add(WebCheck.access(loaded.access(), now));
    WebCheck.exposure(config.web(), loaded.access()).ifPresent(checks::add);
    checks.addAll(ReceiverChecks.of(config.receivers()));
  }

  private void linux(LinuxSource kernel, ProcessContext context, Snapshot snapshot) {
    boolean hangs =
        snapshot.sources().stream()
            .anyMatch(source -> source.name().equals(LinuxSource.NAME) && !source.up());
    // A source that hangs cannot be used by a second thread.
    List<String> namespaces = hangs ? List.of() : kernel.namespaces();
    List<String> strays = hangs ? List.of() : kernel.strays();
    checks.add(NamespaceCheck.of(snapshot.gaps(), namespaces, strays, context));
    checks.add(VisibilityChecks.rights(context));
    checks.add(VisibilityChecks.processes(context));
    checks.add(
        VisibilityChecks.redirects(hangs ? "the kernel source hangs" : kernel.rulesetLimit()));
    checks.add(VisibilityChecks.otherSockets(snapshot.sockets()));
    checks.add(VisibilityChecks.libraries(ForcedLibraries.ofThisProcess()));
    boolean mayEnter = context.rights().may(Capability.CAP_SYS_ADMIN);
    checks.addAll(EventChecks.of(loaded.config().events(), LinuxEvents.probe(), mayEnter));
    checks.addAll(KernelChecks.of(KernelFeatures.ask()));
  }

  private static @Nullable ProcessContext context() {
    try {
      return ProcessContext.ofThisProcess();
    } catch (IOException noProc) {
      return null;
    }
  }

  /** Adds the check of the state folder; returns the pid of the agent that uses it. */
  private @Nullable Long state(Path folder) {
    try {
      StateFolderStatus status = StateFolderStatus.at(folder);
      checks.add(AgentChecks.state(status));
      return status.heldBy();
    } catch (IOException e) {
      checks.add(AgentChecks.noState("cannot be read: " + FileErrorText.reason(e)));
      return null;
    }
  }

  private static boolean isOurs(InetAddress address) {
    try {
      return address.isAnyLocalAddress()
          || address.isLoopbackAddress()
          || NetworkInterface.getByInetAddress(address) != null;
    } catch (IOException unknown) {
      return true;
    }
  }

  /** The time of installation; an earlier clock is wrong. */
  private static @Nullable Instant installed() {
    CodeSource source = Doctor.class.getProtectionDomain().getCodeSource();
    try {
      return source == null
          ? null
          : Files.getLastModifiedTime(Path.of(source.getLocation().toURI())).toInstant();
    } catch (IOException | URISyntaxException unknown) {
      return null;
    }
  }
}
