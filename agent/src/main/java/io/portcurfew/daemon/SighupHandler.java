package io.portcurfew.daemon;

import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Handles SIGHUP, which asks a daemon to read its files again. The JDK's class for it is supported
 * (module jdk.unsupported, JEP 260), but javac warns of it and the warning cannot be turned off for
 * one place; so the class is found by its name.
 */
final class SighupHandler {

  private static final Logger LOG = LoggerFactory.getLogger(SighupHandler.class);

  private final AtomicBoolean asked = new AtomicBoolean();
  private volatile @Nullable Runnable action;

  private SighupHandler() {}

  /**
   * From now on SIGHUP does not end the process. If the process was started with SIGHUP ignored, as
   * nohup does, it stays ignored.
   */
  static SighupHandler install() {
    SighupHandler installed = new SighupHandler();
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object hangUp = signal.getConstructor(String.class).newInstance("HUP");
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, hangUp, handlerOf(handler, installed::received));
    } catch (ReflectiveOperationException e) {
      LOG.warn("this Java cannot handle SIGHUP; use portcurfew reload");
      LOG.debug("SIGHUP is not handled", e);
    }
    return installed;
  }

  /**
   * Runs this at each SIGHUP, on a thread of its own, and now if one was received already. It is
   * set last, because a signal may come before the parts that act on it exist.
   */
  void runs(Runnable next) {
    action = next;
    pass();
  }

  private void received() {
    asked.set(true);
    pass();
  }

  private void pass() {
    Runnable known = action;
    if (known != null && asked.getAndSet(false)) {
      known.run();
    }
  }

  /** A method handle would do the same, with more classes for the life of the daemon. */
  private static Object handlerOf(Class<?> type, Runnable action) {
    return Proxy.newProxyInstance(
        type.getClassLoader(),
        new Class<?>[] {type},
        (proxy, method, arguments) -> {
          if (method.getName().equals("handle")) {
            action.run();
          }
          return null;
        });
  }
}
