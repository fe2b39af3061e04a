package io.portcurfew.notify.http;

import io.portcurfew.json.Json;
import io.portcurfew.notify.ConnectionFailures;
import io.portcurfew.notify.Delivery;
import io.portcurfew.notify.TimeLimitedCall;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A server that accepts JSON by POST. Redirects and proxies are not followed, TLS is verified. The
 * status of the answer decides; the start of its body is reported without secrets.
 */
public final class HttpPeer {

  private final URL url;
  private final TrustedAuthorities authorities;
  private final HttpLimits limits;
  private final Redaction redaction;
  private final String agent;
  private final InstantSource clock;
  private final TimeLimitedCall calls;

  /**
   * @param receiver the name of the receiver
   * @param redaction removes secrets from an answer, in addition to the tokens of the URL
   * @param agent the name and version of this agent
   * @param clock converts the date of a Retry-After header into a pause
   * @throws IllegalArgumentException if the URL is not http or https with a host
   */
  public HttpPeer(
      String receiver, Server server, Redaction redaction, String agent, InstantSource clock) {
    this.url = checked(server.url());
    this.authorities = server.authorities();
    this.limits = HttpLimits.of(server.timeout());
    this.redaction = Redaction.of(server.url()).and(redaction);
    this.agent = agent;
    this.clock = clock;
    this.calls = new TimeLimitedCall("portcurfew-webhook-" + receiver, where());
  }

  private static URL checked(URI uri) {
    String scheme = uri.getScheme();
    boolean http = "http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme);
    try {
      if (http && uri.getHost() != null) {
        return uri.toURL();
      }
    } catch (MalformedURLException notUsable) {
      // Its message may hold the URL, which may hold a token.
    }
    throw new IllegalArgumentException("the URL of a webhook is http or https with a host");
  }

  /** Posts a tree as JSON. */
  public Delivery post(Object tree) throws InterruptedException {
    return post(Json.compact(tree).getBytes(StandardCharsets.UTF_8), Map.of());
  }

  /** Posts a body of JSON. */
  public Delivery post(byte[] body, Map<String, String> moreHeaders) throws InterruptedException {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Content-Type", "application/json");
    headers.put("Accept", "*/*");
    headers.put("User-Agent", agent);
    headers.put("Connection", "close");
    headers.putAll(moreHeaders);
    HttpPost exchange = new HttpPost(url, authorities, headers, body, limits);
    return calls.run(new HttpAttempt(exchange), limits.total());
  }

  /** One POST. */
  private final class HttpAttempt implements TimeLimitedCall.Attempt {

    private final HttpPost exchange;

    HttpAttempt(HttpPost exchange) {
      this.exchange = exchange;
    }

    @Override
    public Delivery run() {
      try {
        return outcome(exchange.call());
      } catch (IOException failure) {
        return calls.retry(ConnectionFailures.why(failure));
      } catch (StackOverflowError flood) {
        // The JDK's client reads each 100 Continue in a call within a call.
        return calls.retry("it sent too many 100 Continue");
      }
    }

    @Override
    public void cancel() {
      exchange.cancel();
    }

    @Override
    public @Nullable Delivery known() {
      HttpPost.HttpAnswer answer = exchange.answer();
      return answer == null ? null : outcome(answer);
    }
  }

  private Delivery outcome(HttpPost.HttpAnswer answer) {
    Integer status = answer.status();
    if (status == null) {
      return calls.retry("the answer is not HTTP");
    }
    String text = redaction.of(answer.body());
    String what = status + (text.isEmpty() ? "" : ": " + text);
    if (status / 100 == 2) {
      return new Delivery.Delivered(what);
    }
    boolean later = status / 100 == 5 || status == 408 || status == 425 || status == 429;
    return later
        ? new Delivery.Retry(
            where() + " answered " + status, RetryAfter.of(answer.retryAfter(), clock.instant()))
        : new Delivery.Refused(where() + " answered " + what);
  }

  /** The host and port, the part of the URL without secrets. */
  public String where() {
    return url.getHost() + ":" + (url.getPort() < 0 ? url.getDefaultPort() : url.getPort());
  }

  /**
   * The server of a POST request.
   *
   * @param authorities the certificate authorities to trust
   * @param timeout the limit of one attempt
   */
  public record Server(URI url, TrustedAuthorities authorities, Duration timeout) {}

  /**
   * The time limits of an exchange.
   *
   * @param connect positive
   * @param total positive; includes connecting
   */
  record HttpLimits(Duration connect, Duration total) {

    /** A host without an answer after this time is down. */
    private static final Duration CONNECT = Duration.ofSeconds(5);

    /** Uses the default limit for connecting, but never more than the total. */
    static HttpLimits of(Duration total) {
      return new HttpLimits(total.compareTo(CONNECT) < 0 ? total : CONNECT, total);
    }
  }
}
