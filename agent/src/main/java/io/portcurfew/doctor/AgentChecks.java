package io.portcurfew.doctor;

import static io.portcurfew.doctor.Check.Topic.AGENT;

import io.portcurfew.build.BuildVersion;
import io.portcurfew.config.LoadedConfig;
import io.portcurfew.observe.HostText;
import io.portcurfew.policy.Policy;
import io.portcurfew.state.StateFolderStatus;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** Whether the daemon could run here, or does. Pure. */
final class AgentChecks {

  private static final Instant FIRST_SANE = Instant.parse("2024-01-01T00:00:00Z");
  private static final long LITTLE = 100L << 20;
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
        "%s, %d %s, what no rule names is %s"
            .formatted(
                loaded.policySource(),
                rules,
                rules == 1 ? "rule" : "rules",
                policy.allowsUnlisted() ? "allowed" : "denied");
    return rules == 0 && policy.allowsUnlisted()
        ? Check.limited(AGENT, "policy", found, "write a rule: as it is nothing is ever found")
        : Check.ok(AGENT, "policy", found);
  }

  /**
   * Alerts carry the time of this clock.
   *
   * @param installed when this program was put on the host; {@code null} where that is not known
   */
  static Check clock(Instant now, @Nullable Instant installed, ZoneId zone) {
    String found = SECONDS.format(now) + ", time zone " + zone;
    Instant sane = installed != null && installed.isAfter(FIRST_SANE) ? installed : FIRST_SANE;
    return now.isBefore(sane)
        ? Check.broken(
            AGENT,
            "clock",
            found + ": it cannot be earlier than " + SECONDS.format(sane),
            "set the clock; alerts carry its time (timedatectl, chronyc)")
        : Check.ok(AGENT, "clock", found);
  }

  static Check state(StateFolderStatus folder) {
    String path = HostText.of(folder.path().toString()).toString();
    if (!folder.exists()) {
      return folder.writable()
          ? Check.ok(AGENT, "state folder", "not there yet; run makes it in " + path)
          : Check.broken(
              AGENT,
              "state folder",
              "not there, and this user may not make it in " + path,
              "make it for the user that the agent runs as (mode 0700), or set state in the config");
    }
    String found = path + about(folder);
    if (!folder.writable()) {
      return Check.broken(
          AGENT,
          "state folder",
          found + ", not writable for this user",
          "run doctor as the user that the agent runs as, or give the folder to this one");
    }
    String mode = folder.mode();
    if (mode != null && (mode.charAt(4) == 'w' || mode.charAt(7) == 'w')) {
      return Check.limited(
          AGENT, "state folder", found + ": others may change it", "chmod 0700 " + path);
    }
    return folder.free() < LITTLE
        ? Check.limited(AGENT, "state folder", found, "make room on that disk")
        : Check.ok(AGENT, "state folder", found);
  }

  private static String about(StateFolderStatus folder) {
    String mode = folder.mode() == null ? "" : ", " + folder.mode();
    String owner = folder.owner() == null ? "" : " of " + HostText.of(folder.owner());
    String held =
        folder.heldBy() == null
            ? ", held by no agent"
            : ", held by the running agent, pid " + folder.heldBy();
    return mode + owner + ", " + (folder.free() >> 20) + " MiB free" + held;
  }

  /** The folder could not be looked at. */
  static Check noState(String why) {
    return Check.broken(
        AGENT,
        "state folder",
        HostText.of(why).toString(),
        "run doctor as the user that the agent runs as");
  }
}
