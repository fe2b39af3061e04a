package io.portcurfew.fetch;

import io.portcurfew.bundle.BundleLimits;
import io.portcurfew.bundle.BundleRefusal;
import io.portcurfew.bundle.PolicyBundle;
import io.portcurfew.bundle.SignedBundle;
import io.portcurfew.bundle.signature.AllowedSigners;
import io.portcurfew.config.PolicySetting.BundleSource;
import io.portcurfew.config.files.FileErrorText;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Fetches the bundle of a config with its signature. */
public final class BundleFetcher {

  private BundleFetcher() {}

  /**
   * Fetches the bundle.
   *
   * @param etag the version that the host has; {@code null} for none
   * @return empty if the server or the file still has that version
   * @throws FetchFailure if the server or the file cannot be reached now
   * @throws BundleRefusal if the download ends early or is too large
   */
  public static Optional<FetchedBundle> fetch(BundleSource source, @Nullable String etag)
      throws FetchFailure, BundleRefusal {
    return "file".equals(source.location().getScheme())
        ? Optional.of(fromFile(Path.of(source.location())))
            .filter(file -> !String.valueOf(file.etag()).equals(etag))
        : fromServer(source, etag);
  }

  private static Optional<FetchedBundle> fromServer(BundleSource source, @Nullable String etag)
      throws FetchFailure, BundleRefusal {
    HttpGet.DownloadAnswer archive =
        get(source, source.location(), BundleLimits.ARCHIVE).send(etag);
    if (archive.status() == HttpURLConnection.HTTP_NOT_MODIFIED && etag != null) {
      return Optional.empty();
    }
    if (archive.status() != HttpURLConnection.HTTP_OK) {
      throw new FetchFailure(source.location().getHost() + " answered " + archive.status());
    }
    HttpGet.DownloadAnswer signature =
        get(source, signature(source.location()), AllowedSigners.MOST).send(null);
    byte[] signed = signature.status() == HttpURLConnection.HTTP_OK ? signature.body() : null;
    return Optional.of(new FetchedBundle(archive.body(), signed, archive.etag()));
  }

  private static HttpGet get(BundleSource source, URI url, int most) {
    return new HttpGet(url, source.authorities(), most, HttpGet.TOTAL);
  }

  /** The signature is beside the archive; a query of the URL stays at its end. */
  private static URI signature(URI archive) {
    String text = archive.toString();
    int query = text.indexOf('?');
    return URI.create(
        query < 0
            ? text + SignedBundle.SUFFIX
            : text.substring(0, query) + SignedBundle.SUFFIX + text.substring(query));
  }

  private static FetchedBundle fromFile(Path file) throws FetchFailure, BundleRefusal {
    byte[] archive;
    try {
      archive = bytes(file, BundleLimits.ARCHIVE);
    } catch (IOException e) {
      throw new FetchFailure(file + ": " + FileErrorText.of(e), e);
    }
    byte[] signed = signatureOf(file);
    return new FetchedBundle(archive, signed, version(archive, signed));
  }

  private static byte @Nullable [] signatureOf(Path file) throws FetchFailure, BundleRefusal {
    Path signature = Path.of(file + SignedBundle.SUFFIX);
    try {
      return bytes(signature, AllowedSigners.MOST);
    } catch (NoSuchFileException unsigned) {
      return null;
    } catch (IOException e) {
      throw new FetchFailure(signature + ": " + FileErrorText.of(e), e);
    }
  }

  /** The version of a file: what has not changed need not be verified at each look. */
  private static String version(byte[] archive, byte @Nullable [] signature) {
    return PolicyBundle.sha256(archive)
        + ":"
        + (signature == null ? "" : PolicyBundle.sha256(signature));
  }

  /**
   * Not {@code Files.exists}: it asks access(2), which ignores the capabilities of the service, so
   * that a file in a closed folder would seem to be missing.
   */
  private static byte[] bytes(Path file, int most) throws IOException, BundleRefusal {
    if (!Files.readAttributes(file, BasicFileAttributes.class).isRegularFile()) {
      throw new BundleRefusal(file + " is not a regular file");
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(most + 1);
      if (bytes.length > most) {
        throw new BundleRefusal(file + " is larger than " + most / 1024 + " KiB");
      }
      return bytes;
    }
  }
}
