package io.portcurfew.notify.message;

import com.samskivert.mustache.BasicCollector;
import com.samskivert.mustache.Mustache;
import com.samskivert.mustache.MustacheException;
import com.samskivert.mustache.Template;
import io.portcurfew.notify.Notification;
import io.portcurfew.notify.NotificationFactory;
import io.portcurfew.notify.message.TemplateCheck.Fault;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Words of the operator's own for what a receiver is told: Mustache over {@link TemplateFacts}. It
 * knows no names but those, includes nothing and calls nothing. What it says is still to be made
 * fit for the form in which it is told, as the usual words are.
 */
public final class TextTemplate {

  /** The most characters of one. */
  public static final int MOST = 4096;

  /** What one may say. */
  public static final List<String> NAMES = TemplateFacts.NAMES;

  /** A list of alerts in it can make much of little. */
  private static final int MOST_SAID = 64 * 1024;

  private static final Mustache.Compiler COMPILER =
      Mustache.compiler()
          .escapeHTML(false)
          .emptyStringIsFalse(true)
          .strictSections(true)
          .withCollector(new MapsAlone());

  private final String source;
  private final Template template;

  private TextTemplate(String source, Template template) {
    this.source = source;
    this.template = template;
  }

  /** What is wrong with one, if anything is: it is tried with all that can be told. */
  public static Optional<Fault> fault(String source) {
    try {
      Template template = COMPILER.compile(source);
      Optional<Fault> fault = TemplateCheck.of(source, template);
      if (fault.isEmpty()) {
        tryOut(new TextTemplate(source, template));
      }
      return fault;
    } catch (MustacheException | IndexOutOfBoundsException notMustache) {
      // The second is what the library says of a tag without a name.
      return Optional.of(TemplateCheck.unreadable(notMustache));
    }
  }

  private static void tryOut(TextTemplate template) {
    Notification test = NotificationFactory.test("ops", "host", Instant.EPOCH);
    Notification end = NotificationFactory.endOfTest(test);
    List.of(test, end, Notification.of(List.of(test, end))).forEach(template::said);
  }

  /**
   * One without a fault.
   *
   * @throws RuntimeException where it has one
   */
  public static TextTemplate of(String source) {
    return new TextTemplate(source, COMPILER.compile(source));
  }

  /**
   * The words for a notification: those of the operator, where there are some and they say
   * anything, since no receiver takes an empty text.
   *
   * @param own {@code null} where the operator has none
   */
  public static String words(@Nullable TextTemplate own, Notification one, String usual) {
    String said = own == null ? "" : own.said(one);
    return said.isBlank() ? usual : said;
  }

  private String said(Notification one) {
    StringBuilder text = new StringBuilder();
    template.execute(TemplateFacts.of(one), new BoundedWriter(text, MOST_SAID));
    return text.toString();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof TextTemplate template && source.equals(template.source);
  }

  @Override
  public int hashCode() {
    return source.hashCode();
  }

  @Override
  public String toString() {
    return "a template of " + source.length() + " characters";
  }

  /** Looks names up in maps and never in the fields and methods of objects. */
  private static final class MapsAlone extends BasicCollector {

    @Override
    public <K, V> Map<K, V> createFetcherCache() {
      return new ConcurrentHashMap<>();
    }
  }
}
