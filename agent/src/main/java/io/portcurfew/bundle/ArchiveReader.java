package io.portcurfew.bundle;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * Reads the files of a {@code .tar.gz} into memory (POSIX.1-1988 ustar). It accepts regular files
 * only and unpacks no more than {@link BundleLimits} allow.
 */
final class ArchiveReader {

  private static final int BLOCK = 512;
  private static final int SIZE_AT = 124;
  private static final int SIZE_LENGTH = 12;
  private static final int SUM_AT = 148;
  private static final int SUM_LENGTH = 8;
  private static final int KIND_AT = 156;
  private static final int MAGIC_AT = 257;
  private static final int PREFIX_AT = 345;
  private static final String MAGIC = "ustar";

  private final InputStream in;
  private final Map<String, byte[]> files = new LinkedHashMap<>();
  private long unpacked;

  private ArchiveReader(InputStream in) {
    this.in = in;
  }

  /** The content of each file by its name, in the order of the archive. */
  static Map<String, byte[]> read(byte[] archive) throws BundleRefusal {
    if (archive.length > BundleLimits.ARCHIVE) {
      throw new BundleRefusal(
          "the archive is larger than " + (BundleLimits.ARCHIVE >> 20) + " MiB");
    }
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(archive))) {
      return new ArchiveReader(in).files();
    } catch (EOFException e) {
      throw new BundleRefusal("the archive ends early", e);
    } catch (ZipException e) {
      throw new BundleRefusal("the archive is not a .tar.gz file, or it is damaged", e);
    } catch (IOException e) {
      throw new BundleRefusal("the archive is damaged", e);
    }
  }

  private Map<String, byte[]> files() throws IOException, BundleRefusal {
    byte[] header = block();
    while (header != null && !isEmpty(header)) {
      file(header);
      header = block();
    }
    if (header == null) {
      throw new BundleRefusal("the archive ends early");
    }
    for (byte[] rest = block(); rest != null; rest = block()) {
      if (!isEmpty(rest)) {
        throw new BundleRefusal("the archive has data after its end");
      }
    }
    return files;
  }

  /** The next block; {@code null} at the end of the archive. */
  private byte @Nullable [] block() throws IOException, BundleRefusal {
    byte[] block = bytes(BLOCK);
    if (block.length == 0) {
      return null;
    }
    if (block.length < BLOCK) {
      throw new BundleRefusal("the archive ends early");
    }
    return block;
  }

  private byte[] bytes(int length) throws IOException, BundleRefusal {
    unpacked += length;
    if (unpacked > BundleLimits.UNPACKED) {
      throw new BundleRefusal(
          "the archive unpacks to more than " + (BundleLimits.UNPACKED >> 20) + " MiB");
    }
    return in.readNBytes(length);
  }

  private static boolean isEmpty(byte[] block) {
    for (byte one : block) {
      if (one != 0) {
        return false;
      }
    }
    return true;
  }

  private void file(byte[] header) throws IOException, BundleRefusal {
    if (!text(header, MAGIC_AT, MAGIC.length()).equals(MAGIC) || sum(header) != storedSum(header)) {
      throw new BundleRefusal("the archive has a damaged header");
    }
    String name = text(header, 0, BundleLimits.NAME);
    refuseOtherKinds(name, (char) header[KIND_AT]);
    if (header[PREFIX_AT] != 0) {
      throw new BundleRefusal("the archive has a file with a name above 100 characters");
    }
    ArchiveName.check(name);
    if (files.containsKey(name)) {
      throw new BundleRefusal("the archive has two files with the name " + name);
    }
    if (files.size() == BundleLimits.FILES) {
      throw new BundleRefusal("the archive has more than " + BundleLimits.FILES + " files");
    }
    files.put(name, content(octal(header, SIZE_AT, SIZE_LENGTH)));
  }

  private byte[] content(long size) throws IOException, BundleRefusal {
    if (size > BundleLimits.UNPACKED) {
      throw new BundleRefusal(
          "the archive unpacks to more than " + (BundleLimits.UNPACKED >> 20) + " MiB");
    }
    byte[] content = bytes((int) size);
    int padding = (int) ((BLOCK - size % BLOCK) % BLOCK);
    if (content.length < size || bytes(padding).length < padding) {
      throw new BundleRefusal("the archive ends early");
    }
    return content;
  }

  private static void refuseOtherKinds(String name, char kind) throws BundleRefusal {
    String what =
        switch (kind) {
          case '0', 0 -> null;
          case '1' -> "a hard link";
          case '2' -> "a symbolic link";
          case '3', '4' -> "a device";
          case '5' -> "a folder";
          case '6' -> "a pipe";
          default -> "an entry of an unknown kind";
        };
    if (what != null) {
      throw new BundleRefusal(
          "the archive has "
              + what
              + ", "
              + BundleRefusal.shown(name)
              + "; expected: regular files, as bundle build writes them");
    }
  }

  private static long storedSum(byte[] header) throws BundleRefusal {
    return octal(header, SUM_AT, SUM_LENGTH);
  }

  /** The sum of all bytes, those of the sum itself taken as spaces. */
  private static long sum(byte[] header) {
    long sum = 0;
    for (int i = 0; i < BLOCK; i++) {
      boolean ofSum = i >= SUM_AT && i < SUM_AT + SUM_LENGTH;
      sum += ofSum ? ' ' : Byte.toUnsignedInt(header[i]);
    }
    return sum;
  }

  private static long octal(byte[] header, int at, int length) throws BundleRefusal {
    String digits = text(header, at, length).strip();
    if (!digits.matches("[0-7]{1,11}")) {
      throw new BundleRefusal("the archive has a damaged header");
    }
    return Long.parseLong(digits, 8);
  }

  private static String text(byte[] header, int at, int length) {
    int end = at;
    while (end < at + length && header[end] != 0) {
      end++;
    }
    return new String(header, at, end - at, StandardCharsets.ISO_8859_1);
  }
}
