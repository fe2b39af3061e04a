package io.portcurfew.page;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.portcurfew.explain.Catalogue;
import io.portcurfew.explain.Explanation;
import io.portcurfew.explain.Platform;
import io.portcurfew.explain.PortQuery;
import io.portcurfew.explain.ServiceNames;
import io.portcurfew.observe.Protocol;
import io.portcurfew.policy.Policy;
import io.portcurfew.system.Browser;
import io.portcurfew.tags.HeavyLoad;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The status page in a real browser, with the policy that the web server sends. */
@HeavyLoad
class StatusPageBrowserTest {

  private static final String ROWS = "main table.listeners tbody tr";
  private static final String NO_SCROLL =
      "document.documentElement.scrollWidth <= document.documentElement.clientWidth";

  /** No cell is cut off at the right: a part of the page that is out of sight hides its rest. */
  private static final String IN_SIGHT =
      "[...document.querySelectorAll('main td, main thead')]"
          + ".every(cell => cell.getBoundingClientRect().right <= innerWidth)";

  /** Each rule, time and place of a listener is on one line. */
  private static final String UNBROKEN =
      "[...document.querySelectorAll('[data-label=Rule], [data-label=Since], [data-label=Port]')]"
          + ".every(cell => { const range = document.createRange(); range.selectNodeContents(cell);"
          + " return new Set([...range.getClientRects()].map(box => box.top)).size <= 1; })";

  /** Each word of a prose, with its hyphens, is on one line. */
  private static final String WHOLE_WORDS =
      "[...document.querySelectorAll('.words, td.because')].every(prose =>"
          + " [...prose.childNodes].filter(node => node.nodeType === Node.TEXT_NODE).every(word =>"
          + " { const range = document.createRange(); range.selectNode(word);"
          + " return new Set([...range.getClientRects()].map(box => box.top)).size <= 1; }))";

  private static Browser browser;

  private final StatusHtml html = new StatusHtml();
  private final AtomicReference<PageContent> content =
      new AtomicReference<>(SamplePages.full(3, 1, "python3"));
  private HttpServer server;

  @BeforeAll
  static void startBrowser() throws IOException {
    browser = Browser.start();
  }

  @AfterAll
  static void closeBrowser() {
    if (browser != null) {
      browser.close();
    }
  }

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", exchange -> answer(exchange, html.render(content.get())));
    server.createContext("/explain/", exchange -> answer(exchange, explanation()));
    server.start();
    browser.scripts(true);
    browser.medium("screen");
    browser.viewport(1280, 900);
  }

  @AfterEach
  void close() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange, String text) throws IOException {
    byte[] page = text.getBytes(UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
    exchange.getResponseHeaders().set("Content-Security-Policy", html.contentSecurityPolicy());
    exchange.sendResponseHeaders(200, page.length);
    exchange.getResponseBody().write(page);
    exchange.close();
  }

  private String explanation() {
    return new ExplanationHtml()
        .render(
            Explanation.of(
                PortQuery.port(611, EnumSet.allOf(Protocol.class)),
                new Policy(true, List.of()),
                content.get().last().snapshot(),
                Catalogue.shipped(),
                new ServiceNames(List.of(), List.of()),
                Platform.LINUX),
            true);
  }

  private void open() {
    open("/");
  }

  private void open(String path) {
    browser.open("http://127.0.0.1:" + server.getAddress().getPort() + path);
  }

  private static long shown() {
    return (Long)
        browser.run(
            "return [...document.querySelectorAll(arguments[0])].filter(r => !r.hidden).length",
            ROWS);
  }

  @Test
  void finding_appearsWithoutReload() throws Exception {
    content.set(SamplePages.of(SamplePages.look(true, List.of()), null));
    open();
    browser.run("window.loadedOnce = true");
    content.set(SamplePages.full(3, 1, "python3"));
    browser.until(
        "the finding appears", "document.querySelectorAll('table.findings tbody tr').length === 1");
    assertThat(browser.texts("#changes"))
        .containsExactly("Changed: Not compliant. 1 finding against the policy.");
    assertThat(browser.run("return document.title")).isEqualTo("Not compliant: web-1 - Portcurfew");
    assertThat(browser.run("return window.loadedOnce")).isEqualTo(true);
  }

  @Test
  void refresh_keepsFilterSortAndPlace() throws Exception {
    content.set(SamplePages.full(200, 1, "python3"));
    open();
    browser.type("#filter", "python3");
    browser.click("table.listeners thead th:nth-child(3) button");
    browser.click("table.listeners thead th:nth-child(3) button");
    browser.run("document.activeElement.blur(); window.scrollTo(0, 900)");
    content.set(SamplePages.full(201, 1, "python3"));
    browser.until(
        "the new row appears", "document.querySelectorAll('" + ROWS + "').length === 201");
    assertThat(browser.run("return document.querySelector('#filter').value")).isEqualTo("python3");
    assertThat(browser.run("return window.scrollY > 500")).isEqualTo(true);
    assertThat(
            browser.run(
                "return document.querySelector('" + ROWS + "').cells[2].textContent.trim()"))
        .isEqualTo("811");
  }

  @Test
  void focusInATable_doesNotStopItsRefresh() throws Exception {
    open();
    browser.click("table.listeners thead th:nth-child(3) button");
    content.set(SamplePages.full(4, 1, "python3"));
    browser.until("the new row appears", "document.querySelectorAll('" + ROWS + "').length === 4");
    assertThat(browser.run("return document.activeElement.textContent")).isEqualTo("Port");
    assertThat(browser.texts("table.listeners th[aria-sort=ascending]")).hasSize(1);
  }

  @Test
  void markedText_staysUntilItIsReleased() throws Exception {
    open();
    browser.run("getSelection().selectAllChildren(document.querySelector('" + ROWS + "'))");
    content.set(SamplePages.full(4, 2, "python3"));
    browser.until(
        "the finding appears", "document.querySelectorAll('table.findings tbody tr').length === 2");
    assertThat(shown()).isEqualTo(3);
    browser.run("getSelection().removeAllRanges()");
    browser.until("the new row appears", "document.querySelectorAll('" + ROWS + "').length === 4");
  }

  @Test
  void partsOfARestartedAgent_comeBackInOrder() throws Exception {
    open();
    List<String> before = browser.texts("h2");
    content.set(SamplePages.of(null, null));
    browser.until("the findings go", "document.querySelector('[data-part=findings]') === null");
    content.set(SamplePages.full(3, 1, "python3"));
    browser.until("they come back", "document.querySelector('[data-part=limits]') !== null");
    assertThat(browser.texts("h2")).isEqualTo(before).hasSizeGreaterThan(6);
  }

  @Test
  void filter_showsOnlyRowsWithEveryWord() {
    open();
    assertThat(shown()).isEqualTo(3);
    browser.type("#filter", "612 python");
    assertThat(shown()).isEqualTo(1);
    assertThat(browser.texts("#shown")).containsExactly("1 of 13 rows");
  }

  @Test
  void sort_isNumericAndAnnounced() {
    content.set(SamplePages.full(500, 1, "python3"));
    open();
    browser.click("table.listeners thead th:nth-child(3) button");
    browser.click("table.listeners thead th:nth-child(3) button");
    assertThat(browser.texts("table.listeners th[aria-sort=descending]")).hasSize(1);
    assertThat(browser.texts(ROWS + ":first-child td:nth-child(3)")).containsExactly("1110");
  }

  @Test
  void everyWidth_hasNoHorizontalScroll() {
    content.set(SamplePages.full(20, 3, "a-program-with-quite-a-long-name-in-a-deep/folder/x"));
    for (int width : List.of(400, 800, 970, 1100, 1279, 1280, 1920, 3840)) {
      browser.viewport(width, 900);
      open();
      assertThat(browser.run("return " + NO_SCROLL)).as("width %s", width).isEqualTo(true);
      assertThat(browser.run("return " + IN_SIGHT)).as("width %s", width).isEqualTo(true);
      assertThat(browser.run("return " + UNBROKEN)).as("width %s", width).isEqualTo(true);
      assertThat(browser.run("return " + WHOLE_WORDS)).as("width %s", width).isEqualTo(true);
    }
  }

  @Test
  void bothColourSchemes_passAxe() {
    for (int width : List.of(400, 1280)) {
      browser.viewport(width, 900);
      for (String scheme : List.of("dark", "light")) {
        browser.colourScheme(scheme);
        open();
        assertThat(browser.accessibilityViolations()).as("%s at %s", scheme, width).isEmpty();
      }
    }
    browser.colourScheme("dark");
    assertThat(browser.run("return getComputedStyle(document.body).backgroundColor"))
        .isEqualTo("rgb(20, 23, 26)");
    browser.colourScheme("light");
  }

  @Test
  void explanationOfAPort_passesAxeAndFits() {
    content.set(SamplePages.full(3, 1, "a-program-with-quite-a-long-name-in-a-deep/folder/x"));
    for (int width : List.of(400, 640, 820, 1280)) {
      browser.viewport(width, 900);
      open("/explain/611");
      assertThat(browser.run("return " + WHOLE_WORDS)).as("width %s", width).isEqualTo(true);
      assertThat(browser.accessibilityViolations()).as("width %s", width).isEmpty();
      assertThat(browser.run("return " + NO_SCROLL)).as("width %s", width).isEqualTo(true);
    }
    assertThat(browser.texts("main li").get(0)).startsWith("tcp 0.0.0.0:611, held by");
    assertThat(browser.console()).isEmpty();
  }

  @Test
  void hostileNames_stayText() {
    String evil = "<img src=x onerror=window.hacked=1><script>window.hacked=1</script>'\"&";
    content.set(SamplePages.full(3, 3, evil));
    open();
    browser.type("#filter", "img src");
    assertThat(browser.run("return window.hacked === undefined")).isEqualTo(true);
    assertThat(browser.run("return document.querySelectorAll('main img').length")).isEqualTo(0L);
    assertThat(shown()).isEqualTo(3);
    assertThat(browser.console()).isEmpty();
  }

  @Test
  void foreignScript_isBlockedByThePolicy() {
    open();
    browser.console();
    browser.run(
        "const s = document.createElement('script'); s.textContent = 'window.injected = 1';"
            + "document.body.append(s)");
    assertThat(browser.run("return window.injected === undefined")).isEqualTo(true);
    assertThat(browser.console()).anyMatch(line -> line.contains("Content Security Policy"));
  }

  @Test
  void withoutScript_everythingIsReadable() {
    browser.scripts(false);
    open();
    assertThat(browser.texts(".verdict")).hasSize(1);
    assertThat(browser.texts(ROWS)).hasSize(3);
    assertThat(browser.texts("#tools")).isEmpty();
  }

  @Test
  void print_leavesOutTheControls() {
    open();
    browser.medium("print");
    assertThat(browser.texts("#tools")).isEmpty();
    assertThat(browser.texts("footer")).isEmpty();
    assertThat(browser.texts(ROWS)).hasSize(3);
  }

  @Test
  void keyboard_sortsAColumn() {
    open();
    browser.run("document.querySelector('table.listeners thead th:nth-child(3) button').focus()");
    browser.press(" ");
    assertThat(browser.texts("table.listeners th[aria-sort=ascending]")).hasSize(1);
  }

  @Test
  void slashKey_goesToTheFilter() {
    open();
    browser.press("/");
    assertThat(browser.run("return document.activeElement.id")).isEqualTo("filter");
    browser.press("61/");
    assertThat(browser.run("return document.querySelector('#filter').value")).isEqualTo("61/");
  }

  @Test
  void columnWithoutValues_isLeftOut() {
    open();
    assertThat(browser.texts("table.listeners thead th"))
        .containsExactly(
            "Protocol",
            "Address",
            "Port",
            "Owner",
            "Unit or container",
            "Rule",
            "Verdict",
            "First seen",
            "Link");
    content.set(OwnerRedaction.of(content.get()));
    open();
    assertThat(browser.texts("table.listeners thead th"))
        .contains("Port", "Verdict")
        .doesNotContain("Owner", "Unit or container");
  }

  @Test
  void narrowPage_hasThePlaceOfAListenerOnOneLine() {
    browser.viewport(400, 900);
    open();
    assertThat(
            browser.run(
                "return new Set([...document.querySelector('"
                    + ROWS
                    + "').cells]"
                    + ".filter((cell, i) => i < 3).map(cell => cell.getBoundingClientRect().top)).size"))
        .isEqualTo(1L);
  }

  @Test
  void linkToAPart_isNotHiddenBehindTheFilter() {
    content.set(SamplePages.full(200, 1, "python3"));
    open();
    browser.click(".parts a[href='#h-silences']");
    assertThat(
            browser.run(
                "return document.querySelector('#h-silences').getBoundingClientRect().top"
                    + " >= document.querySelector('#tools').getBoundingClientRect().bottom"))
        .isEqualTo(true);
  }

  @Test
  void headOfALongTable_staysInSight() {
    content.set(SamplePages.full(200, 1, "python3"));
    open();
    browser.run("document.querySelector('" + ROWS + ":nth-child(100)').scrollIntoView()");
    assertThat(
            browser.run(
                "const head = document.querySelector('table.listeners thead th');"
                    + "return Math.round(head.getBoundingClientRect().top"
                    + " - document.querySelector('#tools').getBoundingClientRect().bottom)"))
        .isEqualTo(0L);
  }

  /** In time of the processor, since other programs may take it away. */
  @Test
  void twoThousandListeners_renderWithinASecond() {
    content.set(SamplePages.full(2_000, 500, "python3"));
    browser.measureProcessorTime();
    open();
    double seconds = browser.taskSeconds();
    System.out.printf("2,000 listeners and 500 alerts: %.2f s of CPU to show%n", seconds);
    assertThat(shown()).isEqualTo(2_000);
    assertThat(seconds).isLessThan(1);
    assertThat(browser.console()).isEmpty();
  }
}
