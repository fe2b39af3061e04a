package io.portcurfew.cli.bundle;

import io.portcurfew.bundle.BundleLimits;
import io.portcurfew.bundle.BundleRefusal;
import io.portcurfew.bundle.SignedBundle;
import io.portcurfew.bundle.signature.AllowedSigners;
import io.portcurfew.config.files.FileErrorText;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Reads a bundle and its signature from files of any owner, up to their largest size. */
final class BundleFiles {

  private BundleFiles() {}

  static byte[] archive(Path file) throws BundleRefusal {
    return read(file, BundleLimits.ARCHIVE);
  }

  /** The signature beside a bundle; {@code null} if it does not exist. */
  static byte @Nullable [] signature(Path bundle) throws BundleRefusal {
    Path file = Path.of(bundle + SignedBundle.SUFFIX);
    return Files.exists(file) ? read(file, AllowedSigners.MOST) : null;
  }

  /** Reads at most one byte more than the limit, which shows that the file is too large. */
  static byte[] read(Path file, int most) throws BundleRefusal {
    try {
      if (Files.exists(file) && !Files.isRegularFile(file)) {
        throw new BundleRefusal(file + " is not a regular file");
      }
      try (InputStream in = Files.newInputStream(file)) {
        return in.readNBytes(most + 1);
      }
    } catch (NoSuchFileException e) {
      throw new BundleRefusal(file + " does not exist", e);
    } catch (IOException e) {
      throw new BundleRefusal("cannot read " + file + ": " + FileErrorText.reason(e), e);
    }
  }
}
