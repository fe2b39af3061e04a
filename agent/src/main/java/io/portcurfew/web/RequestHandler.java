package io.portcurfew.web;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.portcurfew.web.access.AccessControl;
import io.portcurfew.web.access.Admission;
import io.portcurfew.web.access.Admission.Admitted;
import io.portcurfew.web.access.Admission.NotAdmitted;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers requests to some read-only paths. Nothing that a client sends is shown, logged or
 * counted.
 */
final class RequestHandler implements HttpHandler {

  private static final Logger LOG = LoggerFactory.getLogger(RequestHandler.class);
  private static final Pattern EXPLAIN = Pattern.compile("/explain/([1-9][0-9]{0,4})");
  private static final int LAST_PORT = 65_535;
  private static final Set<String> METHODS = Set.of("GET", "HEAD");
  private static final Pattern LOCAL_OR_LITERAL =
      Pattern.compile(
          "(?i)(?:localhost|[0-9]{1,3}(?:\\.[0-9]{1,3}){3}|\\[[0-9a-f:.]{2,45}])(?::[0-9]{1,5})?");

  /**
   * A request that is answered.
   *
   * @param loggedIn true if the client gave the password of a user
   */
  private record Request(HttpExchange exchange, boolean loggedIn) {}

  private final PageSource pages;
  private final boolean loopback;
  private final AccessControl access;
  private final ExchangeWorkers workers;
  private final ConnectionGate gate;
  private final Map<String, Function<Request, WebResponse>> paths =
      Map.of(
          "/", this::statusPage,
          "/metrics", request -> metrics(request.exchange().getRequestHeaders()),
          "/api/v1/status", request -> json(PageSource.Resource.STATUS, request),
          "/api/v1/listeners", request -> json(PageSource.Resource.LISTENERS, request),
          "/api/v1/alerts", request -> json(PageSource.Resource.ALERTS, request),
          "/-/healthy", request -> health(Health::healthy),
          "/-/ready", request -> health(Health::ready));

  /**
   * @param loopback true if only this host can reach the server's address
   * @param workers sends the answers that are delayed
   * @param gate started the exchange
   */
  RequestHandler(
      PageSource pages,
      boolean loopback,
      AccessControl access,
      ExchangeWorkers workers,
      ConnectionGate gate) {
    this.pages = pages;
    this.loopback = loopback;
    this.access = access;
    this.workers = workers;
    this.gate = gate;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    workers.answers(
        exchange.getRemoteAddress().getAddress(),
        () -> pages.peer(exchange.getRemoteAddress(), exchange.getLocalAddress()));
    if (!isForUs(exchange.getRequestHeaders())) {
      send(
          WebResponse.text(421, "On loopback the Host header must be localhost or an IP address."),
          exchange);
      return;
    }
    Admission admission = admission(exchange);
    if (admission instanceof NotAdmitted refused) {
      refuse(refused, exchange);
    } else {
      boolean loggedIn = admission instanceof Admitted admitted && admitted.user() != null;
      gate.admitted(exchange.getRemoteAddress().getAddress(), loggedIn);
      send(answer(new Request(exchange, loggedIn)), exchange);
    }
  }

  private Admission admission(HttpExchange exchange) {
    return access.decide(
        String.valueOf(exchange.getRequestURI().getRawPath()),
        exchange.getRequestHeaders().getFirst("Authorization"),
        exchange.getRemoteAddress().getAddress());
  }

  private void refuse(NotAdmitted refused, HttpExchange exchange) throws IOException {
    WebResponse response = WebResponse.text(refused.status(), refused.text(), refused.headers());
    if (access.needsLogin()) {
      // Another try takes a new connection, and those are bounded.
      exchange.getResponseHeaders().set("Connection", "close");
    }
    if (refused.delay().isZero()) {
      send(response, exchange);
    } else if (!workers.executeLater(refused.delay(), () -> sendDelayed(response, exchange))) {
      exchange.close();
    }
  }

  private void sendDelayed(WebResponse response, HttpExchange exchange) {
    try {
      send(response, exchange);
    } catch (IOException clientHasGone) {
      exchange.close();
    }
  }

  private void send(WebResponse response, HttpExchange exchange) throws IOException {
    response.send(exchange, access.headers());
  }

  private WebResponse answer(Request request) {
    HttpExchange exchange = request.exchange();
    Function<Request, WebResponse> page = page(exchange.getRequestURI().getRawPath());
    if (page == null) {
      return WebResponse.text(404, "No such page.");
    }
    if (!METHODS.contains(exchange.getRequestMethod())) {
      return new WebResponse(
          405,
          Map.of("Content-Type", "text/plain; charset=utf-8", "Allow", "GET, HEAD"),
          "This page is read-only.\n");
    }
    try {
      return page.apply(request);
    } catch (RuntimeException bug) {
      // The server would close the connection without a log line.
      LOG.error("cannot render a page; this is a bug in Portcurfew", bug);
      return WebResponse.text(500, "Cannot render this page; the agent's log has the reason.");
    }
  }

  /**
   * Against DNS rebinding: a web page in a browser on this host may point a name of its own at
   * 127.0.0.1 and then read our responses. The browser still names that host in the request. On
   * other addresses the names that lead to us are not known.
   */
  private boolean isForUs(Headers request) {
    return !loopback || namesThisHost(request);
  }

  private static boolean namesThisHost(Headers request) {
    List<String> hosts = request.getOrDefault("Host", List.of());
    return hosts.stream().allMatch(h -> LOCAL_OR_LITERAL.matcher(h).matches());
  }

  private WebResponse metrics(Headers request) {
    boolean openMetrics = new AcceptHeader(request).openMetrics();
    String type =
        openMetrics
            ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
            : "text/plain; version=0.0.4; charset=utf-8";
    return new WebResponse(200, Map.of("Content-Type", type), pages.metrics(openMetrics));
  }

  private WebResponse health(Function<Health, Boolean> question) {
    Health health = pages.health();
    return WebResponse.text(question.apply(health) ? 200 : 503, health.why());
  }

  private @Nullable Function<Request, WebResponse> page(String path) {
    Matcher port = EXPLAIN.matcher(path);
    if (port.matches()) {
      int number = Integer.parseInt(port.group(1));
      return number > LAST_PORT ? null : request -> explanation(number, request);
    }
    return paths.get(path);
  }

  private WebResponse explanation(int port, Request request) {
    return pages
        .explanation(port, showsOwners(request))
        .map(RequestHandler::html)
        .orElseGet(() -> WebResponse.text(503, "No scan has ended yet."));
  }

  private boolean showsOwners(Request request) {
    HttpExchange exchange = request.exchange();
    // On an address that others reach too, a rebound name must not borrow the rights of a browser.
    return request.loggedIn()
        || (namesThisHost(exchange.getRequestHeaders())
            && pages.showsOwnersTo(exchange.getRemoteAddress(), exchange.getLocalAddress()));
  }

  private WebResponse json(PageSource.Resource resource, Request request) {
    return new WebResponse(
        200,
        Map.of("Content-Type", "application/json; charset=utf-8"),
        pages.json(resource, showsOwners(request)));
  }

  private WebResponse statusPage(Request request) {
    return html(pages.page(showsOwners(request)));
  }

  private static WebResponse html(PageSource.HtmlPage page) {
    return new WebResponse(
        200,
        Map.of(
            "Content-Type",
            "text/html; charset=utf-8",
            "Content-Security-Policy",
            page.contentSecurityPolicy()),
        page.text());
  }
}
