package io.portcurfew.observe.linux.kernel;

import java.util.ArrayList;
import java.util.List;

/**
 * A bounded number of the sockets of one family. A port below 1024 takes the place of a higher one,
 * since only a privileged process can have it.
 */
public final class FamilyRows {

  /** The first port that needs no right (net/vmw_vsock/af_vsock.c, LAST_RESERVED_PORT). */
  private static final int UNPRIVILEGED = 1024;

  private final int most;
  private final List<FamilySocket> low = new ArrayList<>(0);
  private final List<FamilySocket> high = new ArrayList<>(0);
  private boolean cut;

  /** Keeps at most so many. */
  public FamilyRows(int most) {
    this.most = most;
  }

  /** Adds a socket, or drops one if there are enough. */
  public void add(FamilySocket socket) {
    boolean privileged = socket.port() < UNPRIVILEGED;
    if (low.size() + high.size() >= most) {
      cut = true;
      if (!privileged || high.isEmpty()) {
        return;
      }
      high.remove(high.size() - 1);
    }
    (privileged ? low : high).add(socket);
  }

  /** Returns true if there were more than are kept. */
  public boolean isCut() {
    return cut;
  }

  /** Returns the kept sockets. */
  public List<FamilySocket> kept() {
    List<FamilySocket> all = new ArrayList<>(low);
    all.addAll(high);
    return List.copyOf(all);
  }
}
