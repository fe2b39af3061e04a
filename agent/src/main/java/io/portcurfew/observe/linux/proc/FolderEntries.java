package io.portcurfew.observe.linux.proc;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Parses the result of getdents64(2), which is an array of struct linux_dirent64 from
 * linux/dirent.h: d_ino u64, d_off s64, d_reclen u16, d_type u8, d_name; pure.
 */
final class FolderEntries {

  /** The size of an entry with a name of five to twelve letters. */
  static final int USUAL_SIZE = 32;

  /** The size of an entry with a shorter name, because entries are padded to 8 bytes. */
  private static final int LEAST_SIZE = 24;

  private static final int RECLEN_AT = 16;
  private static final int NAME_AT = 19;

  private FolderEntries() {}

  /** Returns the names that are numbers. */
  static int[] numbers(ByteBuffer entries, int length) {
    int[] found = new int[length / LEAST_SIZE];
    int count = 0;
    for (int at = 0; at < length; at = next(entries, at)) {
      int number = number(entries, at + NAME_AT);
      if (number >= 0) {
        found[count++] = number;
      }
    }
    return Arrays.copyOf(found, count);
  }

  /** Adds all names except {@code .} and {@code ..}, with their bytes as ISO 8859-1. */
  static void addNames(ByteBuffer entries, int length, List<String> names) {
    for (int at = 0; at < length; at = next(entries, at)) {
      String name = name(entries, at + NAME_AT);
      if (!name.equals(".") && !name.equals("..")) {
        names.add(name);
      }
    }
  }

  private static int next(ByteBuffer entries, int at) {
    return at + (entries.getShort(at + RECLEN_AT) & 0xFFFF);
  }

  private static String name(ByteBuffer entries, int from) {
    int end = from;
    while (entries.get(end) != 0) {
      end++;
    }
    byte[] raw = new byte[end - from];
    entries.get(from, raw);
    return new String(raw, StandardCharsets.ISO_8859_1);
  }

  private static int number(ByteBuffer entries, int from) {
    int value = 0;
    int at = from;
    for (; entries.get(at) != 0; at++) {
      int digit = entries.get(at) - '0';
      if (digit < 0 || digit > 9 || at - from > 8) {
        return -1;
      }
      value = 10 * value + digit;
    }
    return at == from ? -1 : value;
  }
}
