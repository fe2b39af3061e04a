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
 * A server that takes JSON by POST. Redirects and proxies are not followed, TLS is verified. Of the
 * answer the status counts; the start of its body is told, with our secrets taken out.
 */
public final class HttpPeer {

  private final URL url;
  private final TrustedAuthorities authorities;
  private final HttpLimits limits;
  private final Redaction redaction;
  private final String agent;
  private final InstantSource clock;
  private final TimeLimitedCall tries;

  /**
   * @param receiver the name of the receiver
   * @param redaction what is taken out of an answer beside the tokens of the URL
   * @param agent the name and version of this agent
   * @param clock tells how far off the date is that an answer may ask to wait for
   * @throws IllegalArgumentException where the URL is not http or https with a host
   */
  public HttpPeer(
      String receiver, Server server, Redaction redaction, String agent, InstantSource clock) {
    this.url = checked(server.url());
    this.authorities = server.authorities();
    this.limits = HttpLimits.of(server.timeout());
    this.redaction = Redaction.of(server.url()).and(redaction);
    this.agent = agent;
    this.clock = clock;
    this.tries = new TimeLimitedCall("portcurfew-webhook-" + receiver, where());
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
    return tries.run(new Attempt(exchange), limits.total());
  }

  /** One POST. */
  private final class Attempt implements TimeLimitedCall.Try {

    private final HttpPost exchange;

    Attempt(HttpPost exchange) {
      this.exchange = exchange;
    }

    @Override
    public Delivery run() {
      try {
        return outcome(exchange.call());
      } catch (IOException failure) {
        return tries.retry(ConnectionFailures.why(failure));
      }
    }

    @Override
    public void cut() {
      exchange.cut();
    }

    @Override
    public @Nullable Delivery known() {
      HttpPost.Answer answer = exchange.answer();
      return answer == null ? null : outcome(answer);
    }
  }

  private Delivery outcome(HttpPost.Answer answer) {
    Integer status = answer.status();
    if (status == null) {
      return tries.retry("the answer is not HTTP");
    }
    String said = redaction.of(answer.body());
    String what = status + (said.isEmpty() ? "" : ": " + said);
    if (status / 100 == 2) {
      return new Delivery.Delivered(what);
    }
    boolean later = status / 100 == 5 || status == 408 || status == 425 || status == 429;
    return later
        ? new Delivery.Retry(
            where() + " answered " + status, RetryAfter.of(answer.retryAfter(), clock.instant()))
        : new Delivery.Refused(where() + " answered " + what);
  }

  /** All that may be told of the URL. */
  public String where() {
    return url.getHost() + ":" + (url.getPort() < 0 ? url.getDefaultPort() : url.getPort());
  }

  /**
   * Where a POST goes.
   *
   * @param authorities who vouches for the server
   * @param timeout for one attempt
   */
  public record Server(URI url, TrustedAuthorities authorities, Duration timeout) {}

  /**
   * How long an exchange may take.
   *
   * @param connect positive
   * @param total positive; includes connecting
   */
  record HttpLimits(Duration connect, Duration total) {

    /** A host that has not answered after this time is down. */
    private static final Duration CONNECT = Duration.ofSeconds(5);

    /** With as long to connect as is usual, and never longer than it may take in all. */
    static HttpLimits of(Duration total) {
      return new HttpLimits(total.compareTo(CONNECT) < 0 ? total : CONNECT, total);
    }
  }
}
