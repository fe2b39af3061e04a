package io.portcurfew.notify.http;

import io.portcurfew.process.DaemonThreads;
import io.portcurfew.process.Ticker;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** One POST and its answer. It runs on the calling thread; another thread can cancel it. */
final class HttpPost implements Callable<HttpPost.HttpAnswer> {

  /** The maximum read of the body of the answer. */
  private static final int MOST_READ = 64 * 1024;

  private static final int MOST_KEPT = 1024;

  /**
   * The kept part of an answer.
   *
   * @param status the status code; {@code null} if the answer is not HTTP
   * @param body the start of the body; empty until it is read
   */
  record HttpAnswer(@Nullable Integer status, @Nullable String retryAfter, String body) {}

  private final URL url;
  private final TrustedAuthorities authorities;
  private final Map<String, String> headers;
  private final byte[] body;
  private final HttpPeer.HttpLimits limits;
  private volatile @Nullable HttpURLConnection connection;
  private volatile @Nullable HttpAnswer answer;
  private volatile boolean cancelled;

  HttpPost(
      URL url,
      TrustedAuthorities authorities,
      Map<String, String> headers,
      byte[] body,
      HttpPeer.HttpLimits limits) {
    this.url = url;
    this.authorities = authorities;
    this.headers = headers;
    this.body = body;
    this.limits = limits;
  }

  @Override
  public HttpAnswer call() throws IOException {
    HttpURLConnection open = DirectConnection.to(url, authorities);
    connection = open;
    try {
      prepare(open);
      open.connect();
      if (cancelled) {
        throw new InterruptedIOException("cancelled while connecting");
      }
      try (OutputStream out = open.getOutputStream()) {
        out.write(body);
      }
      int status = open.getResponseCode();
      String retryAfter = open.getHeaderField("Retry-After");
      Integer known = status < 0 ? null : status;
      answer = new HttpAnswer(known, retryAfter, "");
      return new HttpAnswer(known, retryAfter, drain(open));
    } finally {
      open.disconnect();
    }
  }

  /** The answer, as soon as its status is known. */
  @Nullable HttpAnswer answer() {
    return answer;
  }

  /**
   * Makes the exchange end soon. It uses another thread, since closing a connection can wait for
   * the thread that reads it.
   */
  void cancel() {
    cancelled = true;
    HttpURLConnection open = connection;
    if (open != null) {
      DaemonThreads.of("portcurfew-webhook-cancel", open::disconnect).start();
    }
  }

  private void prepare(HttpURLConnection open) throws IOException {
    open.setRequestMethod("POST");
    open.setInstanceFollowRedirects(false);
    open.setUseCaches(false);
    open.setConnectTimeout(Math.toIntExact(limits.connect().toMillis()));
    open.setReadTimeout(Math.toIntExact(limits.total().toMillis()));
    open.setDoOutput(true);
    // Also keeps HttpURLConnection from sending a POST twice by itself (sun.net.http.retryPost).
    open.setFixedLengthStreamingMode(body.length);
    headers.forEach(open::setRequestProperty);
  }

  /** Reads the answer to its end, so that the receiver does not see a broken connection. */
  private String drain(HttpURLConnection open) {
    Duration start = Ticker.SYSTEM.elapsed();
    byte[] buffer = new byte[8 * 1024];
    ByteArrayOutputStream kept = new ByteArrayOutputStream();
    try {
      InputStream in =
          open.getErrorStream() != null ? open.getErrorStream() : open.getInputStream();
      int left = MOST_READ;
      int read = 0;
      while (read >= 0 && left > 0 && Ticker.SYSTEM.since(start).compareTo(limits.total()) < 0) {
        read = in.read(buffer, 0, Math.min(left, buffer.length));
        left -= read;
        kept.write(buffer, 0, Math.max(0, Math.min(read, MOST_KEPT - kept.size())));
      }
    } catch (IOException irrelevant) {
      // The status alone decides.
    }
    return kept.toString(StandardCharsets.UTF_8);
  }
}
