package io.portcurfew.notify.receivers;

import io.portcurfew.notify.ConnectionFailures;
import io.portcurfew.notify.Delivery;
import io.portcurfew.notify.TimeLimitedCall;
import io.portcurfew.notify.http.Redaction;
import jakarta.mail.Address;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.smtp.SMTPSenderFailedException;
import org.jspecify.annotations.Nullable;

/**
 * Turns the reply of a mail server into an outcome (RFC 5321, 4.2): 4xx is temporary, 5xx is
 * permanent. A refused login is retried, since the password may be corrected meanwhile.
 */
final class SmtpReplies {

  private final TimeLimitedCall calls;
  private final Redaction redaction;

  SmtpReplies(TimeLimitedCall calls, Redaction redaction) {
    this.calls = calls;
    this.redaction = redaction;
  }

  Delivery accepted(String answer) {
    return new Delivery.Delivered(redaction.of(answer));
  }

  Delivery of(MessagingException failure) {
    List<String> texts = new ArrayList<>();
    List<Integer> codes = new ArrayList<>();
    boolean accepted = false;
    for (Exception at = failure; at != null; at = next(at)) {
      texts.add(redaction.of(String.valueOf(at.getMessage())));
      addCode(at, codes);
      accepted |=
          at instanceof SendFailedException sent && isAccepted(sent.getValidSentAddresses());
    }
    String words = String.join("; ", texts.stream().distinct().toList());
    if (accepted) {
      return new Delivery.Delivered("delivered to some of the addresses: " + words);
    }
    if (failure instanceof AuthenticationFailedException) {
      return calls.retry("the server refused the login: " + words);
    }
    if (failure.getCause() instanceof IOException broken && codes.isEmpty()) {
      return calls.retry(ConnectionFailures.why(broken));
    }
    boolean forGood = !codes.isEmpty() && codes.stream().allMatch(code -> code >= 500);
    Delivery.Retry later = calls.retry(words);
    return forGood ? new Delivery.Refused(later.why()) : later;
  }

  private static @Nullable Exception next(Exception at) {
    return at instanceof MessagingException chained ? chained.getNextException() : null;
  }

  private static boolean isAccepted(Address @Nullable [] addresses) {
    return addresses != null && addresses.length > 0;
  }

  private static void addCode(Exception at, List<Integer> codes) {
    if (at instanceof SMTPAddressFailedException address) {
      codes.add(address.getReturnCode());
    } else if (at instanceof SMTPSenderFailedException sender) {
      codes.add(sender.getReturnCode());
    } else if (at instanceof SMTPSendFailedException send && send.getReturnCode() > 0) {
      codes.add(send.getReturnCode());
    }
  }
}
