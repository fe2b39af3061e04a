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
 * A message template of the operator: Mustache over {@link TemplateFacts}. It knows only those
 * names, includes nothing and calls nothing. Its output must be escaped for its format, as the
 * default text is.
 */
public final class TextTemplate {

  /** The maximum length of a template. */
  public static final int MOST = 4096;

  /** The names that a template can use. */
  public static final List<String> NAMES = TemplateFacts.NAMES;

  /** The maximum length of the output: a list of alerts can make it long. */
  private static final int MOST_OUTPUT = 64 * 1024;

  private static final Mustache.Compiler COMPILER =
      Mustache.compiler()
          .escapeHTML(false)
          .emptyStringIsFalse(true)
          .strictSections(true)
          .withCollector(new MapsOnly());

  private final String source;
  private final Template template;

  private TextTemplate(String source, Template template) {
    this.source = source;
    this.template = template;
  }

  /** The fault of a template, if it has one; it is tried with every kind of notification. */
  public static Optional<Fault> fault(String source) {
    try {
      Template template = COMPILER.compile(source);
      Optional<Fault> fault = TemplateCheck.of(source, template);
      if (fault.isEmpty()) {
        tryOut(new TextTemplate(source, template));
      }
      return fault;
    } catch (MustacheException | IndexOutOfBoundsException notMustache) {
      // The library throws the second for a tag without a name.
      return Optional.of(TemplateCheck.unreadable(notMustache));
    }
  }

  private static void tryOut(TextTemplate template) {
    Notification test = NotificationFactory.test("ops", "host", Instant.EPOCH);
    Notification end = NotificationFactory.endOfTest(test);
    List.of(test, end, Notification.of(List.of(test, end))).forEach(template::render);
  }

  /**
   * Compiles a template that has no fault.
   *
   * @throws RuntimeException if it has a fault
   */
  public static TextTemplate of(String source) {
    return new TextTemplate(source, COMPILER.compile(source));
  }

  /**
   * The text of a notification: that of the operator's template, or the default if it is empty,
   * since receivers refuse an empty text.
   *
   * @param own the operator's template; {@code null} without one
   */
  public static String words(@Nullable TextTemplate own, Notification one, String usual) {
    String text = own == null ? "" : own.render(one);
    return text.isBlank() ? usual : text;
  }

  private String render(Notification one) {
    StringBuilder text = new StringBuilder();
    template.execute(TemplateFacts.of(one), new BoundedWriter(text, MOST_OUTPUT));
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

  /** Looks up names in maps only, never in fields or methods of objects. */
  private static final class MapsOnly extends BasicCollector {

    @Override
    public <K, V> Map<K, V> createFetcherCache() {
      return new ConcurrentHashMap<>();
    }
  }
}
