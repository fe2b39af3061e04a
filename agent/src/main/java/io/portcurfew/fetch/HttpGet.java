package io.portcurfew.fetch;

import io.portcurfew.bundle.BundleRefusal;
import io.portcurfew.notify.http.DirectConnection;
import io.portcurfew.notify.http.TrustedAuthorities;
import io.portcurfew.observe.HostText;
import io.portcurfew.process.DaemonThreads;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One GET request with bounds on its time and on the size of its answer. */
final class HttpGet {

  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration READ = Duration.ofSeconds(10);

  /** Of the whole exchange, the head of the answer too: a server may send byte by byte. */
  static final Duration TOTAL = Duration.ofSeconds(30);

  private static final int BLOCK = 8 * 1024;

  private final URI url;
  private final TrustedAuthorities authorities;
  private final int most;
  private final Duration total;
  private volatile boolean isLate;

  /**
   * A request, to be sent once.
   *
   * @param most the largest answer, in bytes
   * @param total the limit of the whole exchange
   */
  HttpGet(URI url, TrustedAuthorities authorities, int most, Duration total) {
    this.url = url;
    this.authorities = authorities;
    this.most = most;
    this.total = total;
  }

  /** An answer with the status 200, 304 or 404. */
  static final class DownloadAnswer {
    private final int status;
    private final byte[] body;
    private final @Nullable String etag;

    private DownloadAnswer(int status, byte[] body, @Nullable String etag) {
      this.status = status;
      this.body = body;
      this.etag = etag;
    }

    int status() {
      return status;
    }

    byte[] body() {
      return body.clone();
    }

    @Nullable String etag() {
      return etag;
    }
  }

  /**
   * Sends the request.
   *
   * @param etag the version that is known; {@code null} for none
   * @throws FetchFailure if the server cannot be reached, is too slow, or answers with another
   *     status
   * @throws BundleRefusal if the answer ends early or is too large
   */
  DownloadAnswer send(@Nullable String etag) throws FetchFailure, BundleRefusal {
    try {
      HttpURLConnection open = DirectConnection.to(url.toURL(), authorities);
      Thread limit = DaemonThreads.of("portcurfew-bundle-limit", () -> endLate(open));
      if (!DaemonThreads.start(limit)) {
        throw new FetchFailure("no thread could be started");
      }
      try {
        return send(open, etag);
      } finally {
        limit.interrupt();
        open.disconnect();
      }
    } catch (IOException e) {
      throw new FetchFailure(where() + ": " + (isLate ? late() : why(e)), e);
    }
  }

  private void endLate(HttpURLConnection open) {
    try {
      Thread.sleep(total.toMillis());
      isLate = true;
      open.disconnect();
    } catch (InterruptedException inTime) {
      Thread.currentThread().interrupt();
    }
  }

  private String late() {
    return "the download took more than " + total.toSeconds() + " s";
  }

  private DownloadAnswer send(HttpURLConnection open, @Nullable String etag)
      throws IOException, FetchFailure, BundleRefusal {
    open.setInstanceFollowRedirects(false);
    open.setUseCaches(false);
    open.setConnectTimeout(Math.toIntExact(CONNECT.toMillis()));
    open.setReadTimeout(Math.toIntExact(READ.toMillis()));
    open.setRequestProperty("Accept", "application/gzip, application/octet-stream, */*");
    open.setRequestProperty("Accept-Encoding", "identity");
    if (etag != null) {
      open.setRequestProperty("If-None-Match", etag);
    }
    int status = open.getResponseCode();
    String mark = open.getHeaderField("ETag");
    return switch (status) {
      case HttpURLConnection.HTTP_OK -> new DownloadAnswer(status, body(open), mark);
      case HttpURLConnection.HTTP_NOT_MODIFIED, HttpURLConnection.HTTP_NOT_FOUND ->
          new DownloadAnswer(status, new byte[0], mark);
      default -> throw new FetchFailure(where() + " answered " + status);
    };
  }

  private byte[] body(HttpURLConnection open) throws IOException, BundleRefusal {
    long announced = open.getContentLengthLong();
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    byte[] block = new byte[BLOCK];
    try (InputStream in = open.getInputStream()) {
      for (int read = in.read(block); read >= 0; read = in.read(block)) {
        body.write(block, 0, read);
        if (body.size() > most) {
          throw new BundleRefusal("the download is larger than " + most / 1024 + " KiB");
        }
      }
    } catch (IOException e) {
      if (!isLate) {
        refuseTruncated(body.size(), announced);
      }
      throw e;
    }
    if (isLate) {
      throw new InterruptedIOException(late());
    }
    refuseTruncated(body.size(), announced);
    return body.toByteArray();
  }

  /** The JDK's client takes the end of a connection for the end of an answer. */
  private static void refuseTruncated(long received, long announced) throws BundleRefusal {
    if (received < announced) {
      throw new BundleRefusal(
          "the download ended early, after %,d of %,d bytes".formatted(received, announced));
    }
  }

  /** The server, the part of the URL without secrets. */
  private String where() {
    return url.getHost() + (url.getPort() < 0 ? "" : ":" + url.getPort());
  }

  private static String why(IOException e) {
    return e.getMessage() == null
        ? "the connection failed"
        : HostText.of(e.getMessage(), 200).toString();
  }
}
