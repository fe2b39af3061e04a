package io.portcurfew.doctor;

import static io.portcurfew.doctor.Check.Topic.AGENT;

import io.portcurfew.build.BuildVersion;
import io.portcurfew.config.LoadedConfig;
import io.portcurfew.observe.HostText;
import io.portcurfew.policy.Policy;
import io.portcurfew.state.StateFolderStatus;
import io.portcurfew.text.CountedNoun;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** Checks the conditions for running the daemon on this host. Pure. */
final class AgentChecks {

  private static final Instant FIRST_SANE = Instant.parse("2024-01-01T00:00:00Z");
  private static final long LOW_SPACE = 100L << 20;
  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'").withZone(ZoneOffset.UTC);

  private AgentChecks() {}

  static Check program() {
    String java = System.getProperty("java.version", "unknown");
    return Check.ok(
        AGENT, "program", "portcurfew " + BuildVersion.OF_THIS_BUILD + ", Java " + java);
  }

  static Check config(String source) {
    return Check.ok(AGENT, "config", HostText.of(source) + ", no problem");
  }

  static Check policy(LoadedConfig loaded) {
    Policy policy = loaded.policy();
    int rules = policy.rules().size();
    String found =
        "%s, %s, by default listeners are %s"
            .formatted(
                loaded.policySource(),
                CountedNoun.of(rules, "rule"),
                policy.allowsUnlisted() ? "allowed" : "denied");
    return rules == 0 && policy.allowsUnlisted()
        ? Check.limited(AGENT, "policy", found, "write a rule: without rules there are no findings")
        : Check.ok(AGENT, "policy", found);
  }

  /**
   * Checks the clock, whose time alerts contain.
   *
   * @param installed the time of the installation of this program; {@code null} if unknown
   */
  static Check clock(Instant now, @Nullable Instant installed, ZoneId zone) {
    String found = SECONDS.format(now) + ", time zone " + zone;
    Instant sane = installed != null && installed.isAfter(FIRST_SANE) ? installed : FIRST_SANE;
    return now.isBefore(sane)
        ? Check.broken(
            AGENT,
            "clock",
            found + ": it cannot be earlier than " + SECONDS.format(sane),
            "set the clock, whose time alerts contain (timedatectl, chronyc)")
        : Check.ok(AGENT, "clock", found);
  }

  static Check state(StateFolderStatus folder) {
    String path = HostText.of(folder.path().toString()).toString();
    if (!folder.exists()) {
      return folder.writable()
          ? Check.ok(AGENT, "state folder", "missing; the run command creates " + path)
          : Check.broken(
              AGENT,
              "state folder",
              "missing, and this user may not create " + path,
              "create it for the user of the agent (mode 0700), or set state in the config");
    }
    String found = path + about(folder);
    if (!folder.writable()) {
      return Check.broken(
          AGENT,
          "state folder",
          found + ", not writable by this user",
          "run doctor as the user of the agent, or give the folder to this user");
    }
    String mode = folder.mode();
    if (mode != null && (mode.charAt(4) == 'w' || mode.charAt(7) == 'w')) {
      return Check.broken(
          AGENT,
          "state folder",
          found + ": other users can write to it, so the agent refuses it",
          "chmod 0700 " + path);
    }
    return folder.free() < LOW_SPACE
        ? Check.limited(AGENT, "state folder", found, "free space on that disk")
        : Check.ok(AGENT, "state folder", found);
  }

  private static String about(StateFolderStatus folder) {
    String mode = folder.mode() == null ? "" : ", " + folder.mode();
    String owner = folder.owner() == null ? "" : " of " + HostText.of(folder.owner());
    String held =
        folder.heldBy() == null
            ? ", used by no agent"
            : ", used by the running agent, pid " + folder.heldBy();
    return mode + owner + ", " + (folder.free() >> 20) + " MiB free" + held;
  }

  /** The folder could not be read. */
  static Check noState(String why) {
    return Check.broken(
        AGENT, "state folder", HostText.of(why).toString(), "run doctor as the user of the agent");
  }
}
