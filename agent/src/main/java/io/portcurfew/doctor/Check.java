package io.portcurfew.doctor;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One thing that was looked into.
 *
 * @param name unique within its topic
 * @param found what was found, in words for an admin; host text in it has been made visible
 * @param remedy what to do about it; {@code null} where there is nothing to do
 */
public record Check(Topic topic, String name, State state, String found, @Nullable String remedy) {

  /** What checks are about, in the order in which they are told. */
  public enum Topic {
    /** Which way of looking works. */
    SOURCES("Sources"),
    /** What this process may do, and what that hides. */
    SIGHT("What can be seen"),
    /** What this kernel has. */
    KERNEL("Kernel"),
    /** Whether the daemon could run here, or does. */
    AGENT("Agent"),
    /** Who is told. */
    RECEIVERS("Receivers");

    private final String title;
    private final String label = name().toLowerCase(Locale.ROOT);

    Topic(String title) {
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

  /** How it stands. */
  public enum State {
    /** As it should be. */
    OK,
    /** A limit that is to be known; no listener and no owner is missed by it now. */
    LIMITED,
    /** Listeners or owners are there, or may be, that this agent does not see. */
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
    return new Check(topic, name, State.OK, found, null);
  }

  static Check limited(Topic topic, String name, String found, @Nullable String remedy) {
    return new Check(topic, name, State.LIMITED, found, remedy);
  }

  static Check notSeen(Topic topic, String name, String found, @Nullable String remedy) {
    return new Check(topic, name, State.NOT_SEEN, found, remedy);
  }

  static Check broken(Topic topic, String name, String found, @Nullable String remedy) {
    return new Check(topic, name, State.BROKEN, found, remedy);
  }
}
