package io.portcurfew.notify;

import io.portcurfew.json.Json;
import io.portcurfew.observe.HostText;
import java.io.IOException;
import java.net.ConnectException;
import java.net.MalformedURLException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URL;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Posts each notification to a URL, in the form of Alertmanager's webhook. Redirects and proxies
 * are not followed, TLS is verified, the answer's body is not looked at.
 *
 * <p>An attempt ends by the total time limit whatever the receiver does. HttpURLConnection limits
 * only single reads, and looking up a name cannot be interrupted; so each attempt has a thread of
 * its own, which is cut off and left behind when the time is over. There is never more than one.
 */
public final class WebhookNotifier implements Notifier {

  private final String receiver;
  private final WebhookSettings settings;
  private final URL url;
  private final String agent;
  private final InstantSource clock;
  private final Semaphore oneAtATime = new Semaphore(1);

  /**
   * @param receiver the name of the receiver, which it is told
   * @param version the version of this agent
   * @param clock tells how far off the date is that an answer may ask to wait for
   * @throws IllegalArgumentException where the URL is not http or https with a host
   */
  public WebhookNotifier(
      String receiver, WebhookSettings settings, String version, InstantSource clock) {
    this.receiver = receiver;
    this.settings = settings;
    this.url = checked(settings.url());
    this.agent = "portcurfew/" + version;
    this.clock = clock;
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

  @Override
  public Delivery deliver(Notification notification) throws InterruptedException {
    byte[] body =
        Json.compact(AlertPayload.of(notification, receiver, agent))
            .getBytes(StandardCharsets.UTF_8);
    Duration total = settings.totalTimeout();
    Exchange exchange =
        new Exchange(url, headers(notification, body), body, settings.connectTimeout(), total);
    if (!oneAtATime.tryAcquire()) {
      return retry("the attempt before has not ended yet");
    }
    FutureTask<Exchange.Answer> answer = start(exchange);
    try {
      return outcome(answer.get(total.toNanos(), TimeUnit.NANOSECONDS));
    } catch (TimeoutException late) {
      exchange.cut();
      Exchange.Answer known = exchange.answer();
      return known == null ? retry("no answer within " + total.toMillis() + " ms") : outcome(known);
    } catch (InterruptedException givenUp) {
      exchange.cut();
      throw givenUp;
    } catch (ExecutionException failed) {
      return retry(why(failed.getCause()));
    }
  }

  private FutureTask<Exchange.Answer> start(Exchange exchange) {
    FutureTask<Exchange.Answer> task =
        new FutureTask<>(
            () -> {
              try {
                return exchange.call();
              } finally {
                oneAtATime.release();
              }
            });
    Thread thread = new Thread(task, "portcurfew-webhook-" + receiver);
    thread.setDaemon(true);
    thread.start();
    return task;
  }

  private Map<String, String> headers(Notification notification, byte[] body) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Content-Type", "application/json");
    headers.put("Accept", "*/*");
    headers.put("User-Agent", agent);
    headers.put("Connection", "close");
    headers.put("Idempotency-Key", notification.id());
    Secret secret = settings.secret();
    if (secret != null) {
      headers.put("X-Portcurfew-Signature", Signature.of(body, secret));
    }
    return headers;
  }

  private Delivery outcome(Exchange.Answer answer) {
    Integer status = answer.status();
    if (status == null) {
      return retry("the answer is not HTTP");
    }
    if (status / 100 == 2) {
      return new Delivery.Delivered();
    }
    String why = where() + " answered " + status;
    boolean later = status / 100 == 5 || status == 408 || status == 425 || status == 429;
    return later
        ? new Delivery.Retry(why, RetryAfter.of(answer.retryAfter(), clock.instant()))
        : new Delivery.Refused(why);
  }

  private Delivery retry(String why) {
    return new Delivery.Retry(where() + ": " + why, null);
  }

  /** All that may be told of the URL. */
  private String where() {
    return url.getHost() + ":" + (url.getPort() < 0 ? url.getDefaultPort() : url.getPort());
  }

  /** Other messages of the JDK are not told: they may hold the URL, or what the receiver sent. */
  private static String why(@Nullable Throwable failure) {
    if (failure instanceof UnknownHostException) {
      return "no such host";
    }
    if (failure instanceof ConnectException || failure instanceof NoRouteToHostException) {
      return "cannot connect: " + HostText.of(String.valueOf(failure.getMessage()), 200);
    }
    if (failure instanceof SocketTimeoutException) {
      return "timed out";
    }
    if (failure instanceof SSLException) {
      return "TLS failed: " + HostText.of(String.valueOf(failure.getMessage()), 200);
    }
    if (failure instanceof IOException) {
      return "the connection failed: " + failure.getClass().getSimpleName();
    }
    throw new IllegalStateException("not a failure of the outside", failure);
  }
}
