/** The JSON of verdicts, alerts and silences, as the command line and the web server give it. */
@NullMarked
package io.portcurfew.output;

import org.jspecify.annotations.NullMarked;
