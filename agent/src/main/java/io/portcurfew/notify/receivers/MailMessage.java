package io.portcurfew.notify.receivers;

import io.portcurfew.alert.Reason;
import io.portcurfew.notify.Notification;
import io.portcurfew.notify.Summary;
import io.portcurfew.notify.message.AlertText;
import io.portcurfew.notify.message.TextTemplate;
import io.portcurfew.notify.receivers.EmailSettings.Wording;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import jakarta.mail.internet.MimeUtility;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A notification as a mail: plain text and HTML (RFC 2046, 5.1.4), or the operator's own text.
 *
 * <p>The Message-ID of the first mail about an alert is derived from the alert, and all later mails
 * are replies to it (RFC 5322, 3.6.4), so mail programs show them as one thread. A mail that is
 * sent twice keeps its Message-ID.
 */
final class MailMessage extends MimeMessage {

  /** More references are of no use to a mail program. */
  private static final int MOST_REFERENCES = 20;

  /** Mail programs cut a longer subject. */
  private static final int LONGEST_SUBJECT = 160;

  /** Base64 of these and the frame of an encoded word are less than 75 characters (RFC 2047, 2). */
  private static final int WORD_BYTES = 42;

  private final String id;

  private MailMessage(Session session, String id) {
    super(session);
    this.id = id;
  }

  /**
   * Makes the complete mail.
   *
   * @param agent the name and version of this agent
   */
  static MailMessage of(
      Notification one, EmailSettings settings, Session session, String agent, Instant now)
      throws MessagingException {
    MailMessage mail = new MailMessage(session, id(one));
    mail.setFrom(new InternetAddress(settings.from(), true));
    for (String to : settings.to()) {
      mail.addRecipient(Message.RecipientType.TO, new InternetAddress(to, true));
    }
    mail.setSentDate(Date.from(now));
    mail.setHeader("Subject", encoded(subject(one, settings.wording())));
    mail.thread(one);
    // RFC 3834, 5: no automatic reply.
    mail.setHeader("Auto-Submitted", "auto-generated");
    mail.setHeader("X-Auto-Response-Suppress", "All");
    mail.setHeader("X-Mailer", agent);
    mail.setHeader("X-Portcurfew-Id", one.id());
    mail.setContent(one, settings.wording());
    mail.saveChanges();
    return mail;
  }

  private void setContent(Notification one, Wording wording) throws MessagingException {
    String own = AlertText.lines(TextTemplate.words(wording.text(), one, ""));
    if (!own.isEmpty()) {
      setText(own + "\n", StandardCharsets.UTF_8.name());
      return;
    }
    MailText text = MailText.of(one);
    MimeMultipart both = new MimeMultipart("alternative");
    both.addBodyPart(part(text.plain(), "plain"));
    both.addBodyPart(part(text.html(), "html"));
    setContent(both);
  }

  private static MimeBodyPart part(String text, String kind) throws MessagingException {
    MimeBodyPart part = new MimeBodyPart();
    part.setText(text, StandardCharsets.UTF_8.name(), kind);
    return part;
  }

  private static String subject(Notification one, Wording wording) {
    String usual = one.host() + ": " + AlertText.line(one);
    String words = TextTemplate.words(wording.subject(), one, usual);
    return AlertText.cut(AlertText.oneLine(words), LONGEST_SUBJECT);
  }

  private void thread(Notification one) throws MessagingException {
    Summary summary = one.summary();
    List<Notification> about = summary == null ? List.of(one) : summary.shown();
    String references =
        about.stream()
            .map(MailMessage::root)
            .filter(root -> !root.equals(id))
            .distinct()
            .limit(MOST_REFERENCES)
            .collect(Collectors.joining("\r\n "));
    if (!references.isEmpty()) {
      setHeader("References", references);
      if (summary == null) {
        setHeader("In-Reply-To", references);
      }
    }
  }

  private static String id(Notification one) {
    return one.reason() == Reason.FIRST ? root(one) : "<n-" + one.id() + domain(one);
  }

  /** The Message-ID of the first mail about an alert. */
  private static String root(Notification one) {
    return "<a-" + one.alert().id() + domain(one);
  }

  private static String domain(Notification one) {
    return "@" + domain(one.host()) + ">";
  }

  /** The host name in the form of a domain, for any name of the host. */
  static String domain(String host) {
    String plain = host.replaceAll("[^A-Za-z0-9.-]", "-").replaceAll("[.-]{2,}|^[.-]+|[.-]+$", "");
    return plain.isEmpty() || plain.length() > 200 ? "localhost" : plain;
  }

  /**
   * A header text, in encoded words unless it is plain (RFC 2047). The library does not encode a
   * text that looks like an encoded word, and the name of a program may look like one.
   */
  static String encoded(String text) {
    if (text.chars().allMatch(c -> c >= ' ' && c <= '~') && !text.contains("=?")) {
      return MimeUtility.fold("Subject: ".length(), text);
    }
    StringBuilder words = new StringBuilder();
    StringBuilder word = new StringBuilder();
    for (int character : text.codePoints().toArray()) {
      String next = Character.toString(character);
      if (bytes(word + next).length > WORD_BYTES) {
        words.append(word(word)).append("\r\n ");
        word.setLength(0);
      }
      word.append(next);
    }
    return words.append(word(word)).toString();
  }

  private static String word(CharSequence text) {
    return "=?UTF-8?B?" + Base64.getEncoder().encodeToString(bytes(text.toString())) + "?=";
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  protected void updateMessageID() throws MessagingException {
    setHeader("Message-ID", id);
  }
}
