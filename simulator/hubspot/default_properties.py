"""HubSpot-defined properties: one line each, in the order name, kind, flags, label.

Kinds are in KINDS. Flags: `r` the value is read-only, `c` calculated, `e` the definition can be edited, `h` hidden,
`f` may stand in forms, `x` options come from elsewhere, `o` options exist but are not checked here (long lists), `-`
none. A line in brackets begins a group. Contacts agree with the recorded definitions [REC]; of the other types only
names are known [D24][X], their kinds and labels are our reading; tickets have a portal's own [X].
"""

from __future__ import annotations

from simulator.hubspot import more_contact_properties

KINDS: dict[str, tuple[str, str]] = {
    "text": ("string", "text"),
    "textarea": ("string", "textarea"),
    "number": ("number", "number"),
    "datetime": ("datetime", "date"),
    "date": ("date", "date"),
    "bool": ("bool", "booleancheckbox"),
    "select": ("enumeration", "select"),
    "radio": ("enumeration", "radio"),
    "checkbox": ("enumeration", "checkbox"),
    "yes-no": ("enumeration", "booleancheckbox"),
    "read-bool": ("bool", "calculation_read_time"),
    "equation-bool": ("bool", "calculation_equation"),
    "equation": ("number", "calculation_equation"),
    "read-datetime": ("datetime", "calculation_read_time"),
    "read-number": ("number", "calculation_read_time"),
    "rollup-datetime": ("datetime", "calculation_rollup"),
    "rollup-number": ("number", "calculation_rollup"),
    "score": ("number", "calculation_score"),
    "phone": ("phone_number", "phonenumber"),
}

MAIN_GROUPS = {
    "contacts": "contactinformation",
    "companies": "companyinformation",
    "deals": "dealinformation",
    "products": "productinformation",
    "line_items": "lineiteminformation",
    "tickets": "ticketinformation",
    "orders": "orderinformation",
    "carts": "cartinformation",
}
GROUP_LABELS = {
    "contactinformation": "Contact information",
    "contact_activity": "Contact activity",
    "analyticsinformation": "Analytics information",
    "emailinformation": "Email information",
    "sales_properties": "Sales properties",
    "deal_information": "Deal information",
    "dealinformation": "Deal information",
    "companyinformation": "Company information",
    "productinformation": "Product information",
    "lineiteminformation": "Line item information",
    "ticketinformation": "Ticket information",
    "orderinformation": "Order information",
    "cartinformation": "Cart information",
}

_SOURCES = (
    "ORGANIC_SEARCH:Organic_Search PAID_SEARCH:Paid_Search EMAIL_MARKETING:Email_Marketing SOCIAL_MEDIA:Organic_Social "
    "REFERRALS:Referrals OTHER_CAMPAIGNS:Other_Campaigns DIRECT_TRAFFIC:Direct_Traffic OFFLINE:Offline_Sources "
    "PAID_SOCIAL:Paid_Social"  # AI_REFERRALS (2025) is unverified and left out
)
# "value:Label_with_underscores value2:..."
OPTIONS: dict[str, str] = more_contact_properties.OPTIONS | {
    "lifecyclestage": "subscriber:Subscriber lead:Lead marketingqualifiedlead:Marketing_Qualified_Lead "
    "salesqualifiedlead:Sales_Qualified_Lead opportunity:Opportunity customer:Customer evangelist:Evangelist "
    "other:Other",
    "hs_lead_status": "NEW:New OPEN:Open IN_PROGRESS:In_Progress OPEN_DEAL:Open_Deal UNQUALIFIED:Unqualified "
    "ATTEMPTED_TO_CONTACT:Attempted_to_Contact CONNECTED:Connected BAD_TIMING:Bad_Timing",
    "numemployees": "1-5 5-25 25-50 50-100 100-500 500-1000 1000+",
    "hs_analytics_source": _SOURCES,
    "hs_latest_source": _SOURCES,
    "dealtype": "newbusiness:New_Business existingbusiness:Existing_Business",
    "hs_ticket_category": "PRODUCT_ISSUE:Product_issue BILLING_ISSUE:Billing_issue FEATURE_REQUEST:Feature_request "
    "GENERAL_INQUIRY:General_inquiry",
    "hs_ticket_priority": "LOW:Low MEDIUM:Medium HIGH:High URGENT:Urgent",
    "source_type": "CHAT:Chat EMAIL:Email FORM:Form PHONE:Phone",
    "hs_priority": "low:Low medium:Medium high:High",
    "hs_product_type": "inventory:Inventory non_inventory:Non-Inventory service:Service",
    "recurringbillingfrequency": "weekly:Weekly biweekly:Every_two_weeks monthly:Monthly quarterly:Quarterly "
    "per_six_months:Semi-annually annually:Annually per_two_years:Every_two_years per_three_years:Every_three_years",
}

_COMMON = """
hs_createdate                   datetime  r    Object create date/time
hs_lastmodifieddate             datetime  rh   Object last modified date/time
hs_object_id                    number    rc   Record ID
hs_object_source                text      rh   Record creation source
hs_object_source_id             text      rh   Record creation source ID
hs_object_source_label          text      r    Record source
hs_object_source_user_id        number    rh   Record creation source user ID
hs_created_by_user_id           number    rh   Created by user ID
hs_updated_by_user_id           number    rh   Updated by user ID
hs_unique_creation_key          text      rh   Unique creation key
hs_merged_object_ids            checkbox  rh   Merged object IDs
hubspot_owner_id                select    x    Owner
"""

_ANALYTICS = """
hs_analytics_source             select    -    Original Traffic Source
hs_analytics_source_data_1      text      r    Original Traffic Source drill-down 1
hs_analytics_source_data_2      text      r    Original Traffic Source drill-down 2
hs_latest_source                select    -    Latest Traffic Source
hs_latest_source_data_1         text      r    Latest Traffic Source drill-down 1
hs_latest_source_data_2         text      r    Latest Traffic Source drill-down 2
"""

_CONTACTS = """
email                           text      f    Email
firstname                       text      f    First Name
lastname                        text      f    Last Name
phone                           text      f    Phone Number
mobilephone                     text      f    Mobile Phone Number
company                         text      f    Company Name
jobtitle                        text      f    Job Title
website                         text      f    Website URL
address                         text      f    Street Address
city                            text      f    City
state                           text      ef   State/Region
zip                             text      f    Postal Code
country                         text      ef   Country/Region
fax                             text      f    Fax Number
salutation                      text      ef   Salutation
industry                        text      ef   Industry
annualrevenue                   text      ef   Annual Revenue
numemployees                    select    ef   Number of Employees
hs_language                     select    fo   Preferred language
hs_timezone                     select    fo   Time Zone
associatedcompanyid             number    h    Primary company
createdate                      datetime  r    Create Date
lastmodifieddate                datetime  r    Last Modified Date
lifecyclestage                  radio     f    Lifecycle Stage
hs_lifecyclestage_subscriber_date              datetime r Became a Subscriber Date
hs_lifecyclestage_lead_date                    datetime r Became a Lead Date
hs_lifecyclestage_marketingqualifiedlead_date  datetime r Became a Marketing Qualified Lead Date
hs_lifecyclestage_salesqualifiedlead_date      datetime r Became a Sales Qualified Lead Date
hs_lifecyclestage_opportunity_date             datetime r Became an Opportunity Date
hs_lifecyclestage_customer_date                datetime r Became a Customer Date
hs_lifecyclestage_evangelist_date              datetime r Became an Evangelist Date
hs_lifecyclestage_other_date                   datetime r Became an Other Lifecycle Date
hs_pipeline                     select    hx   Pipeline
hs_additional_emails            select    rch  Additional email addresses
hs_all_contact_vids             select    rch  Merged contact IDs
hs_email_domain                 text      rc   Email Domain
hs_is_contact                   read-bool rch  Is a contact
hs_marketable_status            yes-no    r    Marketing contact status
hs_marketable_until_renewal     yes-no    r    Marketing contact until next update
[sales_properties]
hubspot_owner_id                select    x    Contact owner
hubspot_owner_assigneddate      datetime  r    Owner assigned date
hubspot_team_id                 select    rx   HubSpot Team
hs_lead_status                  radio     f    Lead Status
hs_is_unworked                  equation-bool r Contact unworked
[deal_information]
closedate                       datetime  -    Close Date
days_to_close                   number    rc   Days To Close
num_associated_deals            number    r    Number of Associated Deals
total_revenue                   number    r    Total Revenue
recent_deal_amount              number    r    Recent Deal Amount
recent_deal_close_date          datetime  r    Recent Deal Close Date
first_deal_created_date         datetime  r    First Deal Created Date
[contact_activity]
message                         textarea  f    Message
notes_last_contacted            datetime  r    Last Contacted
notes_last_updated              datetime  r    Last Activity Date
notes_next_activity_date        datetime  r    Next Activity Date
num_contacted_notes             number    r    Number of times contacted
num_notes                       number    r    Number of Sales Activities
[emailinformation]
hs_email_optout                 bool      r    Unsubscribed from all email
hs_email_open                   number    r    Marketing emails opened
hs_email_click                  number    r    Marketing emails clicked
hs_email_delivered              number    r    Marketing emails delivered
[analyticsinformation]
hs_analytics_num_page_views     number    r    Number of Pageviews
hs_analytics_num_visits         number    r    Number of Sessions
hs_analytics_first_timestamp    datetime  r    Time First Seen
hs_analytics_last_timestamp     datetime  r    Time Last Seen
hs_analytics_first_url          text      r    First Page Seen
hs_analytics_last_url           text      r    Last Page Seen
hs_analytics_first_referrer     text      r    First Referring Site
hs_analytics_last_referrer      text      r    Last Referring Site
"""

_COMPANIES = """
name                            text      f    Company name
domain                          text      f    Company Domain Name
website                         text      f    Website URL
phone                           text      f    Phone Number
address                         text      f    Street Address
city                            text      f    City
state                           text      f    State/Region
zip                             text      f    Postal Code
country                         text      f    Country/Region
description                     textarea  f    Description
industry                        select    fo   Industry
annualrevenue                   number    f    Annual Revenue
numberofemployees               number    f    Number of Employees
lifecyclestage                  radio     -    Lifecycle Stage
createdate                      datetime  r    Create Date
num_associated_contacts         number    r    Number of Associated Contacts
num_associated_deals            number    r    Number of Associated Deals
"""

_DEALS = """
dealname                        text      -    Deal Name
amount                          number    -    Amount
pipeline                        select    -    Pipeline
dealstage                       radio     -    Deal Stage
closedate                       datetime  -    Close Date
createdate                      datetime  r    Create Date
dealtype                        radio     e    Deal Type
description                     textarea  -    Deal Description
deal_currency_code              select    -    Currency
hs_priority                     select    -    Priority
hs_next_step                    text      -    Next step
closed_lost_reason              textarea  e    Closed Lost Reason
closed_won_reason               textarea  e    Closed Won Reason
amount_in_home_currency         number    rc   Amount in company currency
hs_deal_stage_probability       number    rc   Deal probability
hs_is_closed                    bool      rc   Is Deal Closed?
hs_is_closed_won                bool      rc   Is Closed Won
hs_is_closed_lost               bool      rc   Is Closed Lost
hs_projected_amount             number    rc   Weighted amount
hs_projected_amount_in_home_currency number rc Weighted amount in company currency
hs_closed_amount                number    rc   Closed Deal Amount
hs_closed_amount_in_home_currency number  rc   Closed Deal Amount in company currency
days_to_close                   number    rc   Days to close
num_associated_contacts         number    rc   Number of Associated Contacts
hubspot_owner_id                select    x    Deal owner
"""

_CATALOGUE = """
name                            text      -    Name
description                     textarea  -    Description
price                           number    -    Unit price
hs_sku                          text      -    SKU
hs_cost_of_goods_sold           number    -    Unit cost
hs_recurring_billing_period     text      -    Term
recurringbillingfrequency       select    -    Billing frequency
hs_images                       text      -    Image URL
hs_url                          text      -    URL
tax                             number    -    Tax
discount                        number    -    Unit discount
createdate                      datetime  r    Create Date
"""

_PRODUCTS = """
hs_product_type                 select    -    Product type
"""

_LINE_ITEMS = """
quantity                        number    -    Quantity
amount                          number    -    Net price
hs_discount_percentage          number    -    Discount percentage
hs_product_id                   number    -    Product ID
hs_line_item_currency_code      select    -    Currency
hs_external_id                  text      -    External ID
hs_position_on_quote            number    -    Position on quote
hs_total_discount               number    rc   Total discount
hs_pre_discount_amount          number    rc   Pre discount amount
hs_effective_unit_price         number    rc   Effective unit price
"""

_ORDERS = """
hs_order_name                   text      -    Name
hs_currency_code                select    -    Currency code
hs_source_store                 text      -    Source store
hs_fulfillment_status           text      -    Fulfillment status
hs_payment_status               text      -    Payment status
hs_external_order_status        text      -    Order status
hs_external_order_id            text      -    Order ID
hs_external_order_url           text      -    Order URL
hs_external_cart_id             text      -    Cart ID
hs_external_checkout_id         text      -    Checkout ID
hs_external_created_date        datetime  -    Source created date
hs_external_modified_date       datetime  -    Source modified date
hs_external_canceled_date       datetime  -    Canceled date
hs_processed_date               datetime  -    Processed date
hs_closed_date                  datetime  r    Closed date
hs_cancellation_reason          text      -    Cancellation reason
hs_refund_amount                number    -    Refund amount
hs_total_price                  number    -    Total price
hs_subtotal_price               number    -    Subtotal price
hs_order_discount               number    -    Order discount
hs_discount_codes               text      -    Discount codes
hs_tax                          number    -    Tax
hs_shipping_cost                number    -    Shipping cost
hs_tags                         text      -    Tags
hs_order_note                   textarea  -    Order note
hs_landing_site                 text      -    Landing site
hs_buyer_accepts_marketing      bool      -    Buyer accepts marketing
hs_shipping_tracking_number     text      -    Shipping tracking number
hs_shipping_status_url          text      -    Shipping status URL
hs_shipping_address_name        text      -    Shipping name
hs_shipping_address_street      text      -    Shipping street
hs_shipping_address_city        text      -    Shipping city
hs_shipping_address_state       text      -    Shipping state
hs_shipping_address_country     text      -    Shipping country
hs_shipping_address_postal_code text      -    Shipping postal code
hs_shipping_address_phone       text      -    Shipping phone
hs_billing_address_name         text      -    Billing name
hs_billing_address_street       text      -    Billing street
hs_billing_address_city         text      -    Billing city
hs_billing_address_state        text      -    Billing state
hs_billing_address_country      text      -    Billing country
hs_billing_address_postal_code  text      -    Billing postal code
hs_billing_address_phone        text      -    Billing phone
hs_billing_address_email        text      -    Billing email
hs_pipeline                     select    -    Pipeline
hs_pipeline_stage               radio     -    Pipeline stage
hs_exchange_rate                number    rc   Exchange rate
hs_homecurrency_amount          number    rc   Total price in company currency
hs_is_closed                    bool      rc   Is closed
hs_is_canceled                  bool      rc   Is canceled
"""

# Names, kinds and labels as the portal has them whose definitions hairsolutionsco/automations_hub lists [X]; those of
# its Help Desk, of feelings, of agreements on service, of notes and of conversations are left out.
_TICKETS = """
subject                         text      f    Ticket name
content                         textarea  f    Ticket description
hs_pipeline                     select    f    Pipeline
hs_pipeline_stage               select    f    Ticket status
hs_ticket_category              checkbox  ef   Category
hs_ticket_priority              select    ef   Priority
hs_resolution                   radio     eo   Resolution
source_type                     select    ef   Source
source_ref                      text      -    Reference to source-specific object
source_thread_id                text      -    Reference to email thread
created_by                      number    -    Created by
createdate                      datetime  -    Create date
closed_date                     datetime  -    Close date
hs_last_closed_date             datetime  r    Last Closed Date
time_to_close                   number    rc   Time to close
first_agent_reply_date          datetime  -    First agent email response date
time_to_first_agent_reply       number    -    Time to first agent email reply
last_reply_date                 datetime  -    Last customer reply date
last_engagement_date            datetime  r    Date of last engagement
hs_lastactivitydate             datetime  r    Last activity date
hs_lastcontacted                datetime  r    Last contacted date
hs_nextactivitydate             datetime  r    Next activity date
hs_num_times_contacted          number    r    Number of times contacted
hs_num_associated_companies     number    rc   Number of Associated Companies
hs_external_object_ids          select    x    External object ids
hs_tag_ids                      checkbox  o    Ticket Tags
hubspot_owner_assigneddate      datetime  r    Owner assigned date
hubspot_team_id                 select    x    HubSpot team
"""

_CARTS = """
hs_cart_name                    text      -    Name
hs_external_cart_id             text      -    Cart ID
hs_external_status              text      -    Status
hs_source_store                 text      -    Source store
hs_cart_url                     text      -    Cart recovery URL
hs_total_price                  number    -    Total price
hs_subtotal_price               number    -    Subtotal price
hs_currency_code                select    -    Currency code
hs_cart_discount                number    -    Cart discount
hs_tax                          number    -    Tax
hs_shipping_cost                number    -    Shipping cost
hs_tags                         text      -    Tags
hs_exchange_rate                number    rc   Exchange rate
hs_homecurrency_amount          number    rc   Total price in company currency
"""

_PIPELINE = """
hs_pipeline                     select    -    Pipeline
hs_pipeline_stage               radio     -    Pipeline stage
"""

CUSTOM = (_COMMON, _PIPELINE)  # what every custom object has
LINES: dict[str, tuple[str, ...]] = {
    "contacts": (_COMMON, _CONTACTS, _ANALYTICS, more_contact_properties.LINES),
    "companies": (_COMMON, _COMPANIES),
    "deals": (_COMMON, _DEALS, _ANALYTICS),
    "products": (_COMMON, _CATALOGUE, _PRODUCTS),
    "line_items": (_COMMON, _CATALOGUE, _LINE_ITEMS),
    "tickets": (_COMMON, _TICKETS),
    "orders": (_COMMON, _ORDERS),
    "carts": (_COMMON, _CARTS),
}
