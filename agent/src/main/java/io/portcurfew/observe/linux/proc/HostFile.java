package io.portcurfew.observe.linux.proc;

import org.jspecify.annotations.Nullable;

/**
 * The answer to a path of the host.
 *
 * @param state whether the file is there
 * @param file the file, where it was found
 * @param kind the kind of its file system, where it was found on a running host
 * @param why the error or the reason, where the state is unknown
 */
public record HostFile(State state, @Nullable FileId file, @Nullable String kind, String why) {

  /** Whether the file of a path is there. */
  public enum State {
    FOUND,
    ABSENT,
    CANNOT_TELL
  }

  static final HostFile ABSENT = new HostFile(State.ABSENT, null, null, "");

  static HostFile found(FileId file, @Nullable String kind) {
    return new HostFile(State.FOUND, file, kind, "");
  }

  static HostFile cannotTell(String why) {
    return new HostFile(State.CANNOT_TELL, null, null, why);
  }

  /** Whether the state is unknown. */
  public boolean isUnknown() {
    return state == State.CANNOT_TELL;
  }
}
