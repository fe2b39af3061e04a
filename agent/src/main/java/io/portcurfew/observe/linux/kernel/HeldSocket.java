package io.portcurfew.observe.linux.kernel;

import org.jspecify.annotations.Nullable;

/** A socket that processes can hold. */
public interface HeldSocket {

  /** The user id of a creator that the kernel does not show. */
  long NO_UID = -1;

  /** Returns its number in sockfs, unique on the host; 0 if no process can hold it. */
  long inode();

  /** Returns its permanent number, unique until the next boot; {@code null} if not reported. */
  @Nullable Long cookie();

  /** Returns the user id of its creator, or {@link #NO_UID}. */
  long uid();
}
