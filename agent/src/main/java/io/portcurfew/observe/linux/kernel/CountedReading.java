package io.portcurfew.observe.linux.kernel;

/**
 * The number of sockets when a table was last read. While events report each change in it, the same
 * number means the same sockets. Events can be lost without a notice, so that does not hold for
 * long.
 */
public final class CountedReading {

  /** The looks in a row that may leave the table out. */
  public static final int MOST_LOOKS = 29;

  private int counted = SocketCounts.UNKNOWN;
  private int leftOut;

  /**
   * The table was read.
   *
   * @param count the number just before, or {@link SocketCounts#UNKNOWN}
   * @param isWhole false if the reading may lack sockets
   */
  public void read(int count, boolean isWhole) {
    counted = isWhole ? count : SocketCounts.UNKNOWN;
    leftOut = 0;
  }

  /** Returns true if a look with this number may leave the table out. */
  public boolean isStill(int count) {
    return count != SocketCounts.UNKNOWN && count == counted && leftOut < MOST_LOOKS;
  }

  /** A look has left the table out. */
  public void leaveOut() {
    leftOut++;
  }
}
