package io.portcurfew.observe.linux.file;

import io.portcurfew.observe.linux.proc.FileId;
import org.jspecify.annotations.Nullable;

/**
 * The result of looking up a path of the host.
 *
 * @param state the existence of the file
 * @param file the file, if it was found
 * @param kind the type of its file system, if it was found on a running host
 * @param why the error or the reason, if the state is unknown
 * @param ofRootAlone true if only root may write to the file, and to every folder and link of its
 *     path
 */
public record HostFile(
    State state, @Nullable FileId file, @Nullable String kind, String why, boolean ofRootAlone) {

  /** The existence of the file at a path. */
  public enum State {
    FOUND,
    ABSENT,
    CANNOT_TELL
  }

  static final HostFile ABSENT = new HostFile(State.ABSENT, null, null, "", false);

  static HostFile found(FileId file, @Nullable String kind, boolean ofRootAlone) {
    return new HostFile(State.FOUND, file, kind, "", ofRootAlone);
  }

  static HostFile cannotTell(String why) {
    return new HostFile(State.CANNOT_TELL, null, null, why, false);
  }

  /** Returns true if the state is unknown. */
  public boolean isUnknown() {
    return state == State.CANNOT_TELL;
  }
}
