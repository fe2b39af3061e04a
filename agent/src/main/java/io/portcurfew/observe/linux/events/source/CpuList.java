package io.portcurfew.observe.linux.events.source;

import java.util.BitSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads lists of CPUs such as {@code 0-3,6} of /sys/devices/system/cpu/online; pure. */
final class CpuList {

  private static final Pattern RANGE = Pattern.compile("(\\d{1,5})(?:-(\\d{1,5}))?");

  private CpuList() {}

  /** The CPUs; empty if the text is no such list. */
  static BitSet of(String text) {
    BitSet cpus = new BitSet();
    for (String part : text.strip().split(",", -1)) {
      Matcher range = RANGE.matcher(part);
      if (!range.matches()) {
        return new BitSet();
      }
      int first = Integer.parseInt(range.group(1));
      int last = range.group(2) == null ? first : Integer.parseInt(range.group(2));
      cpus.set(first, Math.max(first, last) + 1);
    }
    return cpus;
  }
}
