/** What has been going on: findings followed over time. */
@NullMarked
package io.portcurfew.alert;

import org.jspecify.annotations.NullMarked;
