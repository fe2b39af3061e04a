package io.portcurfew.observe.command;

import java.util.List;

/**
 * How many columns lsof prints between those that always stand.
 *
 * @param leastBeforeType words from the pid to TYPE, where TID and TASKCMD are empty
 * @param mostBeforeType the same where they are not
 * @param mostBeforeNode columns between TYPE and NODE
 */
record LsofLayout(int leastBeforeType, int mostBeforeType, int mostBeforeNode) {

  /** PID USER FD TYPE DEVICE SIZE/OFF NODE. */
  static final LsofLayout USUAL = new LsofLayout(3, 3, 2);

  /** The layout that a header tells. */
  static LsofLayout of(List<String> header) {
    int type = header.indexOf("TYPE");
    int node = header.indexOf("NODE");
    int optional = (header.contains("TID") ? 1 : 0) + (header.contains("TASKCMD") ? 1 : 0);
    if (type < 2 || node < type) {
      return USUAL;
    }
    int before = type - 1;
    return new LsofLayout(before - optional, before, node - type - 1);
  }
}
