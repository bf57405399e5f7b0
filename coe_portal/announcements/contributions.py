from coe_portal.contributions import Contribution

contribution = Contribution(app="announcements")
