package io.portcurfew.bundle.copy;

import io.portcurfew.bundle.AcceptedRevision;
import io.portcurfew.bundle.BundleLimits;
import io.portcurfew.bundle.BundleManifest;
import io.portcurfew.bundle.BundleRefusal;
import io.portcurfew.bundle.SignedBundle;
import io.portcurfew.bundle.signature.AllowedSigners;
import io.portcurfew.state.OwnerOnly;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The last accepted bundle and its signature, as files {@code revision-N.tar.gz} and {@code .sig}.
 * It is verified each time it is read. The files are written one after the other, the archive last:
 * a crash leaves the earlier revision in force.
 */
public final class BundleCopy {

  private static final Pattern NAME = Pattern.compile("revision-([1-9][0-9]{0,11})\\.tar\\.gz");
  private static final String TEMPORARY = ".new";

  private final Path folder;

  /**
   * The copy of an agent.
   *
   * @param state the state folder
   */
  public BundleCopy(Path state) {
    this.folder = state.resolve("bundle");
  }

  private record Stored(long revision, Path archive) {
    Path signature() {
      return Path.of(archive + SignedBundle.SUFFIX);
    }
  }

  /**
   * Reads the copy and verifies it anew.
   *
   * @return empty if no bundle was accepted yet
   * @throws BundleRefusal if it is damaged, has no signature, or its key is not trusted any more
   * @throws IOException if it cannot be read
   */
  public Optional<SignedBundle> read(AllowedSigners signers) throws BundleRefusal, IOException {
    Optional<Stored> stored = stored();
    if (stored.isEmpty()) {
      return Optional.empty();
    }
    Path file = stored.get().archive();
    byte[] archive = bytes(file, BundleLimits.ARCHIVE);
    Path signed = stored.get().signature();
    boolean isSigned = Files.isRegularFile(signed, LinkOption.NOFOLLOW_LINKS);
    byte[] signature = isSigned ? bytes(signed, AllowedSigners.MOST) : null;
    // The key had to be valid when the bundle was accepted; a bundle outlives its key's time.
    Instant accepted = Files.getLastModifiedTime(file).toInstant();
    return Optional.of(SignedBundle.verify(archive, signature, signers, accepted));
  }

  /**
   * The revision of the copy, whether its signature is still good or not: a lower one stays
   * refused. The same one is accepted with any content if the copy is refused itself.
   */
  public Optional<AcceptedRevision> accepted(AllowedSigners signers) throws IOException {
    Optional<Stored> stored = stored();
    String digest;
    try {
      digest = read(signers).map(SignedBundle::digest).orElse(null);
    } catch (BundleRefusal notTrustedNow) {
      digest = null;
    }
    return stored.isEmpty()
        ? Optional.empty()
        : Optional.of(new AcceptedRevision(stored.get().revision(), digest));
  }

  /** The highest revision; one that lost its signature is refused, not passed over. */
  private Optional<Stored> stored() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.flatMap(BundleCopy::stored).max(Comparator.comparingLong(Stored::revision));
    } catch (NoSuchFileException none) {
      return Optional.empty();
    }
  }

  private static Stream<Stored> stored(Path file) {
    Matcher name = NAME.matcher(file.getFileName().toString());
    return name.matches()
        ? Stream.of(new Stored(Long.parseLong(name.group(1)), file))
        : Stream.empty();
  }

  private static byte[] bytes(Path file, int most) throws IOException {
    try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      return in.readNBytes(most + 1);
    }
  }

  /**
   * Replaces the copy.
   *
   * @param accepted the time at which the bundle was accepted
   */
  public void write(BundleManifest manifest, byte[] archive, byte[] signature, Instant accepted)
      throws IOException {
    Files.createDirectories(folder, OwnerOnly.attributes(folder, "rwx------"));
    Path file = folder.resolve("revision-" + manifest.revision() + ".tar.gz");
    Stored next = new Stored(manifest.revision(), file);
    write(next.signature(), signature, accepted);
    write(file, archive, accepted);
    removeOthers(next);
  }

  private static void write(Path file, byte[] bytes, Instant accepted) throws IOException {
    Path temporary = Path.of(file + TEMPORARY);
    Files.deleteIfExists(temporary);
    Files.createFile(temporary, OwnerOnly.attributes(temporary));
    try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
      for (ByteBuffer rest = ByteBuffer.wrap(bytes); rest.hasRemaining(); ) {
        channel.write(rest);
      }
      channel.force(true);
    }
    Files.setLastModifiedTime(temporary, FileTime.from(accepted));
    Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
  }

  private void removeOthers(Stored next) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> others =
          files
              .filter(file -> !file.equals(next.archive()) && !file.equals(next.signature()))
              .toList();
      for (Path other : others) {
        Files.deleteIfExists(other);
      }
    }
  }
}
