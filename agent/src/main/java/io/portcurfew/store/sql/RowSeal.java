package io.portcurfew.store.sql;

import io.portcurfew.state.OwnerOnly;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The keyed checksum of a row, which detects changes that were not created by the agent: SQLite
 * itself misses most flipped bits. It is the first half of an HMAC-SHA-256 (RFC 2104, 5).
 */
public final class RowSeal {

  private static final String FILE = "key";
  private static final String MADE = FILE + ".new";
  private static final int KEY_BYTES = 32;
  private static final int BYTES = 16;

  private final Hmac mac;

  RowSeal(byte[] key) {
    mac = new Hmac(key);
  }

  /**
   * Reads the key of this folder. Without one it creates a key under a temporary name, which
   * {@linkplain #settle gets its final name} once a database is sealed with it.
   *
   * @throws IOException if it cannot be read or created
   */
  public static RowSeal of(Path folder) throws IOException {
    for (String name : List.of(FILE, MADE)) {
      byte[] key = read(folder.resolve(name));
      if (key.length == KEY_BYTES) {
        return new RowSeal(key);
      }
    }
    byte[] created = new byte[KEY_BYTES];
    new SecureRandom().nextBytes(created);
    write(folder.resolve(MADE), created);
    return new RowSeal(created);
  }

  /**
   * Reads the key of this folder and changes nothing.
   *
   * @throws IOException if there is none, or it cannot be read
   */
  public static RowSeal existing(Path folder) throws IOException {
    Path file = folder.resolve(FILE);
    // Its exception distinguishes a missing key from a missing right.
    Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    byte[] key = read(file);
    if (key.length != KEY_BYTES) {
      throw new IOException(file + " is not a valid key");
    }
    return new RowSeal(key);
  }

  /** True if the folder has had a database: its key has its final name. */
  public static boolean isSettled(Path folder) {
    return Files.exists(folder.resolve(FILE), LinkOption.NOFOLLOW_LINKS);
  }

  /** Gives a new key its final name. */
  public static void settle(Path folder) throws IOException {
    if (Files.exists(folder.resolve(MADE), LinkOption.NOFOLLOW_LINKS)) {
      Files.move(folder.resolve(MADE), folder.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
    }
  }

  private static byte[] read(Path file) throws IOException {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      return new byte[0];
    }
    try (var in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      return in.readNBytes(KEY_BYTES + 1);
    }
  }

  private static void write(Path file, byte[] key) throws IOException {
    Files.deleteIfExists(file);
    try (FileChannel out =
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            OwnerOnly.attributes(file))) {
      out.write(ByteBuffer.wrap(key));
      out.force(true);
    }
  }

  /** The seal of a row of texts, bytes, integers and nulls. */
  public byte[] of(String table, @Nullable Object... values) {
    add(table);
    for (Object value : values) {
      add(value);
    }
    return Arrays.copyOf(mac.end(), BYTES);
  }

  /** Adds a value after its type and length, so that no two rows give the same input. */
  private void add(@Nullable Object value) {
    if (value == null) {
      mac.update((byte) 0);
    } else if (value instanceof Number number) {
      mac.update((byte) 1);
      mac.update(ByteBuffer.allocate(Long.BYTES).putLong(number.longValue()).flip());
    } else if (value instanceof byte[] bytes) {
      mac.update((byte) 3);
      mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
      mac.update(bytes);
    } else {
      byte[] text = value.toString().getBytes(StandardCharsets.UTF_8);
      mac.update((byte) 2);
      mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(text.length).flip());
      mac.update(text);
    }
  }
}
