package io.portcurfew.observe.linux;

/**
 * How many sockets of each transport and family are kept of one network namespace. A listener takes
 * about 1 KiB of memory, and any user may open hundreds of thousands of sockets and make hundreds
 * of namespaces: without a bound he ends the agent.
 */
final class RowBound {

  /** Of the host's own namespace. */
  static final int HOST = 8_192;

  /** What the other namespaces of the host's own users share, and how many each may have. */
  private static final int SHARED_BY_ROOT = 8_192;

  private static final int MOST_OF_ROOT = 4_096;
  private static final int LEAST_OF_ROOT = 64;

  /** What the namespaces share that users without rights made. */
  private static final int SHARED_BY_USERS = 4_096;

  private static final int MOST_OF_USER = 1_024;
  private static final int LEAST_OF_USER = 16;

  private final int ofRoot;
  private final int ofUser;

  /** Shares the bound among so many namespaces of root and of other users. */
  RowBound(int rootNamespaces, int userNamespaces) {
    ofRoot = share(SHARED_BY_ROOT, rootNamespaces, LEAST_OF_ROOT, MOST_OF_ROOT);
    ofUser = share(SHARED_BY_USERS, userNamespaces, LEAST_OF_USER, MOST_OF_USER);
  }

  /** The bound of this namespace. */
  int of(NetworkNamespace namespace) {
    if (namespace.isHost()) {
      return HOST;
    }
    return namespace.isOfRoot() ? ofRoot : ofUser;
  }

  /** A power of two, so that it seldom changes: with another bound a dump is read anew. */
  private static int share(int all, int among, int least, int most) {
    int share = Integer.highestOneBit(all / Math.max(1, among));
    return Math.min(most, Math.max(least, share));
  }
}
