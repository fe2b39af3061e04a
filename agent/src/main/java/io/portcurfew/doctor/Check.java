package io.portcurfew.doctor;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The result of one check.
 *
 * @param name unique within its topic
 * @param found the observation, for an administrator; host text in it is safe to show
 * @param remedy the recommended action; {@code null} if there is none
 */
public record Check(
    Topic topic, String name, CheckState state, String found, @Nullable String remedy) {

  /** The topics of checks, in the order of the output. */
  public enum Topic {
    /** The sources of listeners. */
    SOURCES("sources", "Sources"),
    /** The rights of this process, and the listeners and owners that they hide. */
    VISIBILITY("sight", "Visibility"),
    /** The features of this kernel. */
    KERNEL("kernel", "Kernel"),
    /** The conditions for running the daemon. */
    AGENT("agent", "Agent"),
    /** The receivers of notifications. */
    RECEIVERS("receivers", "Receivers");

    private final String label;
    private final String title;

    Topic(String label, String title) {
      this.label = label;
      this.title = title;
    }

    /** The heading for people. */
    public String title() {
      return title;
    }

    /** The name in JSON. */
    public String label() {
      return label;
    }
  }

  /** The state of a check. */
  public enum CheckState {
    /** No problem. */
    OK,
    /** A limit that hides no listener or owner at present. */
    LIMITED,
    /** There are, or may be, listeners or owners that this agent does not see. */
    NOT_SEEN,
    /** Something else that the agent needs does not work. */
    BROKEN;

    private final String title = name().replace('_', ' ');
    private final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** The word for people. */
    public String title() {
      return title;
    }

    /** The name in JSON. */
    public String label() {
      return label;
    }
  }

  static Check ok(Topic topic, String name, String found) {
    return new Check(topic, name, CheckState.OK, found, null);
  }

  static Check limited(Topic topic, String name, String found, @Nullable String remedy) {
    return new Check(topic, name, CheckState.LIMITED, found, remedy);
  }

  static Check notSeen(Topic topic, String name, String found, @Nullable String remedy) {
    return new Check(topic, name, CheckState.NOT_SEEN, found, remedy);
  }

  static Check broken(Topic topic, String name, String found, @Nullable String remedy) {
    return new Check(topic, name, CheckState.BROKEN, found, remedy);
  }
}
