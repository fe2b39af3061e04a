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
 * What becomes of a mail by what the server says (RFC 5321, 4.2): 4xx is for now, 5xx is for good.
 * A login that is refused is tried again: the password may be set right meanwhile.
 */
final class SmtpReplies {

  private final TimeLimitedCall tries;
  private final Redaction redaction;

  SmtpReplies(TimeLimitedCall tries, Redaction redaction) {
    this.tries = tries;
    this.redaction = redaction;
  }

  Delivery taken(String answer) {
    return new Delivery.Delivered(redaction.of(answer));
  }

  Delivery of(MessagingException failure) {
    List<String> said = new ArrayList<>();
    List<Integer> codes = new ArrayList<>();
    boolean taken = false;
    for (Exception at = failure; at != null; at = next(at)) {
      said.add(redaction.of(String.valueOf(at.getMessage())));
      addCode(at, codes);
      taken |= at instanceof SendFailedException sent && isTaken(sent.getValidSentAddresses());
    }
    String words = String.join("; ", said.stream().distinct().toList());
    if (taken) {
      return new Delivery.Delivered("for some addresses alone: " + words);
    }
    if (failure instanceof AuthenticationFailedException) {
      return tries.retry("the login is refused: " + words);
    }
    if (failure.getCause() instanceof IOException broken && codes.isEmpty()) {
      return tries.retry(ConnectionFailures.why(broken));
    }
    boolean forGood = !codes.isEmpty() && codes.stream().allMatch(code -> code >= 500);
    Delivery.Retry later = tries.retry(words);
    return forGood ? new Delivery.Refused(later.why()) : later;
  }

  private static @Nullable Exception next(Exception at) {
    return at instanceof MessagingException chained ? chained.getNextException() : null;
  }

  private static boolean isTaken(Address @Nullable [] addresses) {
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
