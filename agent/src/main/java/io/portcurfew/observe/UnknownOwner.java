package io.portcurfew.observe;

import java.util.Locale;

/** The cause of an owner that is not known, or not well enough to be judged. */
public enum UnknownOwner {
  /** The agent has no right to see it. */
  NO_RIGHT("the agent has no right to see its owner"),
  /** It has not been found out yet. */
  NOT_YET("its owner is not known yet"),
  /** No process holds the socket that a user made any more, or the file of its owner is deleted. */
  GONE("its owner, or the file of its owner, is gone"),
  /** The owner is in a mount namespace where its path may name another file than the host's. */
  OTHER_MOUNT_NAMESPACE("the path of its owner is one of another mount namespace"),
  /** No process holds the socket: it waits to be received over a Unix socket. */
  IN_FLIGHT("no process holds it; it may wait to be received over a Unix socket"),
  /** The kernel itself holds the socket. */
  KERNEL("no process holds it, only the kernel");

  private final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');
  private final String words;

  UnknownOwner(String words) {
    this.words = words;
  }

  /** The name in JSON. */
  public String label() {
    return label;
  }

  /** The cause in words, about a listener. */
  public String words() {
    return words;
  }
}
