from coe_portal.notifications.models.mails import MailTimes, OutgoingMail
from coe_portal.notifications.models.rooms import ChatDestination
from coe_portal.notifications.models.told import Mail, Notification, Preference

__all__ = ["ChatDestination", "Mail", "MailTimes", "Notification", "OutgoingMail", "Preference"]
