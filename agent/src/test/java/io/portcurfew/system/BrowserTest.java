package io.portcurfew.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.tags.LiveHost;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The browser of the tests reports what a page does wrong. */
@LiveHost
class BrowserTest {

  @TempDir private Path folder;

  @Test
  void faultsOfAPage_areReported() throws Exception {
    Path page =
        Files.writeString(
            folder.resolve("page.html"),
            "<!DOCTYPE html><title>x</title><img src='data:image/gif;base64,R0lGODlhAQABAAAAACw='>"
                + "<p>text</p><script>console.error('broken')</script>");
    try (Browser browser = Browser.start()) {
      browser.open(page.toUri().toString());
      assertThat(browser.texts("p")).containsExactly("text");
      assertThat(browser.console()).anyMatch(line -> line.contains("broken"));
      assertThat(browser.accessibilityViolations())
          .anyMatch(line -> line.startsWith("image-alt: "))
          .anyMatch(line -> line.startsWith("html-has-lang: "));
    }
  }
}
