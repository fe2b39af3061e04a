package io.portcurfew.observe.linux.kernel;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * A bounded number of the sockets of one table. Once they are too many, the users share the bound:
 * the user with the most sockets loses one for each socket of another user, so a flood displaces
 * only sockets of the user who makes it. A port below 1024 takes the place of a higher one of the
 * same user.
 */
public final class SocketRows {

  /** The first port that needs no right (Documentation/networking/ip-sysctl.rst). */
  private static final int UNPRIVILEGED = 1024;

  private final int most;
  private List<KernelSocket> rows;
  private final Map<Long, Share> shares = new HashMap<>(0);
  private Share largest = new Share();

  /**
   * Keeps at most so many.
   *
   * @param expected about how many there will be
   */
  public SocketRows(int most, int expected) {
    this.most = Math.max(1, most);
    this.rows = new ArrayList<>(Math.min(this.most, expected));
  }

  /** The sockets of one user. */
  private static final class Share {
    private final List<KernelSocket> low = new ArrayList<>(0);
    private final List<KernelSocket> high = new ArrayList<>(0);
    private boolean cut;

    int size() {
      return low.size() + high.size();
    }

    void add(KernelSocket row) {
      (row.port() < UNPRIVILEGED ? low : high).add(row);
    }

    void removeOne() {
      cut = true;
      List<KernelSocket> from = high.isEmpty() ? low : high;
      from.remove(from.size() - 1);
    }
  }

  /** Adds a socket, in exchange for another one where there are enough. */
  public void add(KernelSocket row) {
    if (!isCut() && rows.size() < most) {
      rows.add(row);
      return;
    }
    if (!isCut()) {
      rows.forEach(kept -> share(kept).add(kept));
      rows = List.of();
      findLargest();
    }
    exchange(share(row), row);
  }

  private Share share(KernelSocket row) {
    return shares.computeIfAbsent(UserGroup.of(row.uid()), user -> new Share());
  }

  private void exchange(Share own, KernelSocket row) {
    if (own.size() < largest.size()) {
      largest.removeOne();
      own.add(row);
      findLargest();
      return;
    }
    // Its user has the most already.
    own.cut = true;
    if (row.port() < UNPRIVILEGED && !own.high.isEmpty()) {
      own.removeOne();
      own.add(row);
    }
  }

  private void findLargest() {
    for (Share share : shares.values()) {
      if (share.size() > largest.size()) {
        largest = share;
      }
    }
  }

  /** True if there were more than are kept. */
  public boolean isCut() {
    return !shares.isEmpty();
  }

  /** The {@linkplain UserGroup groups} of users who have more sockets than are kept. */
  public Set<Long> cutUsers() {
    Set<Long> users = new TreeSet<>();
    shares.forEach(
        (user, share) -> {
          if (share.cut) {
            users.add(user);
          }
        });
    return users;
  }

  /** The kept rows; in the order of their arrival if none was left out. */
  public List<KernelSocket> kept() {
    if (!isCut()) {
      return rows;
    }
    List<KernelSocket> all = new ArrayList<>(most);
    shares.values().forEach(share -> all.addAll(share.low));
    shares.values().forEach(share -> all.addAll(share.high));
    return all;
  }
}
