package io.portcurfew.observe.linux;

import io.portcurfew.observe.linux.namespace.NetworkNamespace;
import java.util.Collection;

/**
 * Limits how many sockets of each transport and family are kept for one network namespace. A
 * listener needs about 1 KiB of memory. Any user can open hundreds of thousands of sockets and
 * create hundreds of namespaces, so without a limit the agent would run out of memory.
 */
final class RowBound {

  /** The limit for the host's own namespace. */
  static final int HOST = 8_192;

  /** The total that the other namespaces of root share. */
  private static final int SHARED_BY_ROOT = 8_192;

  /** The highest and the lowest limit for one namespace of root. */
  private static final int MOST_OF_ROOT = 4_096;

  private static final int LEAST_OF_ROOT = 64;

  /** The total that the namespaces of unprivileged users share. */
  private static final int SHARED_BY_USERS = 4_096;

  /** The highest and the lowest limit for one namespace of an unprivileged user. */
  private static final int MOST_OF_USER = 1_024;

  private static final int LEAST_OF_USER = 16;

  private final int ofRoot;
  private final int ofUser;

  /** Divides the totals by the number of namespaces of root and of other users. */
  static RowBound of(Collection<NetworkNamespace> all) {
    int ofRoot = (int) all.stream().filter(NetworkNamespace::isOfRoot).count();
    return new RowBound(ofRoot - 1, all.size() - ofRoot);
  }

  private RowBound(int rootNamespaces, int userNamespaces) {
    ofRoot = share(SHARED_BY_ROOT, rootNamespaces, LEAST_OF_ROOT, MOST_OF_ROOT);
    ofUser = share(SHARED_BY_USERS, userNamespaces, LEAST_OF_USER, MOST_OF_USER);
  }

  /** Returns the limit for this namespace. */
  int of(NetworkNamespace namespace) {
    if (namespace.isHost()) {
      return HOST;
    }
    return namespace.isOfRoot() ? ofRoot : ofUser;
  }

  /**
   * Returns a power of two, so that the limit rarely changes: after a change every dump is read
   * again.
   */
  private static int share(int all, int among, int least, int most) {
    int share = Integer.highestOneBit(all / Math.max(1, among));
    return Math.min(most, Math.max(least, share));
  }
}
