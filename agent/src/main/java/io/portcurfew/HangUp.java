package io.portcurfew;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * SIGHUP, by which daemons are asked to read their files again. The JDK's class for it is supported
 * (module jdk.unsupported, JEP 260), but javac warns of it in a way that cannot be turned off for
 * one place; so it is found by its name.
 */
final class HangUp {

  private static final Logger LOG = LoggerFactory.getLogger(HangUp.class);

  private HangUp() {}

  /**
   * Runs this at each SIGHUP, on a thread of its own, where the signal would end the process. It
   * stays ignored where the process was started so, as by nohup.
   */
  static void runs(Runnable action) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object hangUp = signal.getConstructor(String.class).newInstance("HUP");
      signal
          .getMethod("handle", signal, handler)
          .invoke(
              null, hangUp, MethodHandleProxies.asInterfaceInstance(handler, run(action, signal)));
    } catch (ReflectiveOperationException e) {
      LOG.warn("SIGHUP cannot be used on this Java: {}", e.toString());
    }
  }

  private static MethodHandle run(Runnable action, Class<?> signal)
      throws ReflectiveOperationException {
    MethodType nothing = MethodType.methodType(void.class);
    MethodHandle run = MethodHandles.lookup().findVirtual(Runnable.class, "run", nothing);
    return MethodHandles.dropArguments(run.bindTo(action), 0, signal);
  }
}
