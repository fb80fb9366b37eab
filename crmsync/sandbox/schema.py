"""The fields of every collection: their kinds, what a missing one is, and which of them the portal shows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Record = dict[str, Any]

EMPTY_BY_KIND: dict[str, Any] = {
    "double": 0,
    "boolean": "N",
    "crm_company": 0,
    "crm_contact": 0,
    "crm_category": 0,
    "list": [],
}


@dataclass(frozen=True)
class Field:
    """One field: its Bitrix type, its value when a record lacks it, whether only a name or `*` brings it."""

    kind: str
    empty: Any = None
    named_only: bool = False


@dataclass(frozen=True)
class Schema:
    """One collection: its key, its fields, and the fields that hold the stamps the store keeps current."""

    name: str
    key: str
    fields: Mapping[str, Field]
    entity_type: int = 0
    created: str = ""
    updated: str = ""
    sparse: bool = False
    text_key: bool = False

    def key_of(self, record: Record) -> Any:
        """Return the record's key, as a number wherever keys are numbers."""
        return str(record[self.key]) if self.text_key else int(record[self.key])

    def kind_of(self, name: str) -> str | None:
        """Return the kind of a field, None for an unknown one."""
        known = self.fields.get(name)
        if known:
            return known.kind
        return "string" if name.startswith("UF_") else None


def declare(**names_by_kind: str) -> dict[str, Field]:
    """Make fields from names grouped by kind."""
    return {
        name: Field(kind, empty=EMPTY_BY_KIND.get(kind))
        for kind, names in names_by_kind.items()
        for name in names.split()
    }


COMMON = declare(
    integer="id",
    datetime="createdTime updatedTime lastActivityTime",
    user="createdBy updatedBy assignedById lastActivityBy",
    boolean="opened",
    text="comments sourceDescription",
    crm_status="sourceId",
    string="originatorId originId utmSource utmMedium utmCampaign utmContent utmTerm",
    list="observers",
) | {"webformId": Field("integer", 0)}
STAGED = declare(
    datetime="movedTime",
    user="movedBy",
    string="title stageSemanticId",
    crm_status="stageId",
    crm_currency="currencyId",
    double="opportunity",
    boolean="isManualOpportunity isReturnCustomer",
    crm_company="companyId",
    crm_contact="contactId",
    list="contactIds",
)
PERSON = declare(string="name lastName secondName post address", crm_status="honorific", date="birthdate")
ALIASES = "email emailWork emailHome emailMailing phone phoneWork phoneMobile phoneMailing"
REACHABLE = {
    **declare(boolean="hasPhone hasEmail hasImol"),
    **{name: Field("string", "") for name in ALIASES.split()},
    "fm": Field("crm_multifield", named_only=True),
}
ENTITY_TYPE = {"entityTypeId": Field("integer")}

LEADS = Schema(
    "leads",
    "id",
    {
        **COMMON,
        **STAGED,
        **PERSON,
        **REACHABLE,
        **declare(datetime="dateClosed", string="companyTitle", text="statusDescription"),
        **ENTITY_TYPE,
    },
    entity_type=1,
    created="createdTime",
    updated="updatedTime",
)
DEALS = Schema(
    "deals",
    "id",
    {
        **COMMON,
        **STAGED,
        **declare(
            crm_category="categoryId",
            boolean="closed isNew isRecurring isRepeatedApproach",
            date="begindate closedate",
            crm_status="typeId",
            crm_lead="leadId",
            integer="probability quoteId",
            double="taxValue",
            string="previousStageId additionalInfo locationId",
        ),
        **ENTITY_TYPE,
    },
    entity_type=2,
    created="createdTime",
    updated="updatedTime",
)
CONTACTS = Schema(
    "contacts",
    "id",
    {
        **COMMON,
        **PERSON,
        **REACHABLE,
        **declare(crm_status="typeId", crm_company="companyId", list="companyIds", crm_lead="leadId", boolean="export"),
        **ENTITY_TYPE,
    },
    entity_type=3,
    created="createdTime",
    updated="updatedTime",
)
COMPANIES = Schema(
    "companies",
    "id",
    {
        **COMMON,
        **REACHABLE,
        **declare(
            string="title bankingDetails",
            crm_status="typeId industry employees",
            double="revenue",
            crm_currency="currencyId",
            boolean="isMyCompany",
            crm_lead="leadId",
            list="contactIds",
        ),
        **ENTITY_TYPE,
    },
    entity_type=4,
    created="createdTime",
    updated="updatedTime",
)
PRODUCT_ROWS = Schema(
    "productrows",
    "id",
    {
        **declare(
            integer="id ownerId productId discountTypeId measureCode sort type storeId",
            string="ownerType productName taxIncluded customized measureName xmlId",
            double="price priceAccount priceExclusive priceNetto priceBrutto quantity discountRate discountSum",
        ),
        "taxRate": Field("double"),
    },
)
HISTORY = declare(integer="ID TYPE_ID OWNER_ID", datetime="CREATED_TIME")
LEAD_HISTORY = Schema(
    "stagehistory_leads",
    "ID",
    {**HISTORY, **declare(string="STATUS_SEMANTIC_ID STATUS_ID")},
    created="CREATED_TIME",
)
DEAL_HISTORY = Schema(
    "stagehistory_deals",
    "ID",
    {**HISTORY, **declare(integer="CATEGORY_ID", string="STAGE_SEMANTIC_ID STAGE_ID")},
    created="CREATED_TIME",
)
ACTIVITIES = Schema(
    "activities",
    "ID",
    {
        **declare(
            integer="ID OWNER_ID OWNER_TYPE_ID TYPE_ID",
            string="PROVIDER_ID PROVIDER_TYPE_ID PROVIDER_GROUP_ID",
            datetime="CREATED LAST_UPDATED START_TIME END_TIME DEADLINE",
            user="RESPONSIBLE_ID AUTHOR_ID EDITOR_ID",
        ),
        **{name: Field("integer", "0") for name in ("ASSOCIATED_ENTITY_ID", "DIRECTION", "NOTIFY_TYPE")},
        **{name: Field("integer", "0") for name in ("NOTIFY_VALUE", "AUTOCOMPLETE_RULE")},
        **{name: Field("integer", "0") for name in ("RESULT_MARK", "RESULT_STATUS", "RESULT_STREAM")},
        **{name: Field("string") for name in ("RESULT_SOURCE_ID", "RESULT_SUM", "RESULT_VALUE")},
        **{name: Field("string") for name in ("RESULT_CURRENCY_ID", "PROVIDER_DATA", "ORIGINATOR_ID", "ORIGIN_ID")},
        **{name: Field("text", "") for name in ("SUBJECT", "DESCRIPTION", "LOCATION")},
        **{name: Field("list", []) for name in ("SETTINGS", "PROVIDER_PARAMS")},
        **{name: Field("list", [], named_only=True) for name in ("COMMUNICATIONS", "FILES")},
        "COMPLETED": Field("boolean", "N"),
        "STATUS": Field("integer", "1"),
        "PRIORITY": Field("integer", "2"),
        "DESCRIPTION_TYPE": Field("integer", "1"),
    },
    created="CREATED",
    updated="LAST_UPDATED",
)
USERS = Schema(
    "users",
    "ID",
    declare(
        integer="ID",
        truth="ACTIVE",
        string="NAME LAST_NAME SECOND_NAME EMAIL WORK_POSITION WORK_PHONE PERSONAL_MOBILE USER_TYPE TIME_ZONE",
        datetime="LAST_LOGIN DATE_REGISTER",
        integers="UF_DEPARTMENT",
    ),
    sparse=True,
)
DEPARTMENTS = Schema("departments", "ID", declare(integer="ID SORT PARENT UF_HEAD", string="NAME"), sparse=True)
STATUSES = Schema(
    "statuses",
    "ID",
    declare(
        integer="ID SORT CATEGORY_ID",
        string="ENTITY_ID STATUS_ID NAME NAME_INIT SYSTEM COLOR SEMANTICS",
        list="EXTRA",
    ),
    sparse=True,
)
CATEGORIES = Schema("categories", "id", declare(integer="id sort entityTypeId", string="name isDefault"), sparse=True)
CURRENCIES = Schema(
    "currencies",
    "CURRENCY",
    declare(integer="SORT AMOUNT_CNT", string="CURRENCY FULL_NAME BASE", double="AMOUNT", datetime="DATE_UPDATE"),
    sparse=True,
    text_key=True,
)
CATALOGS = Schema(
    "catalogs",
    "iblockId",
    declare(
        integer="iblockId id productIblockId skuPropertyId vatId",
        string="name iblockTypeId lid subscription yandexExport",
    ),
)
PRODUCTS = Schema(
    "products",
    "id",
    {
        **declare(
            integer="id iblockId iblockSectionId type measure vatId",
            string="name code xmlId active available purchasingCurrency",
        ),
        "purchasingPrice": Field("double"),
    },
)

SCHEMAS: dict[str, Schema] = {
    schema.name: schema
    for schema in (
        USERS,
        DEPARTMENTS,
        STATUSES,
        CATEGORIES,
        CURRENCIES,
        COMPANIES,
        CONTACTS,
        LEADS,
        DEALS,
        PRODUCT_ROWS,
        CATALOGS,
        PRODUCTS,
        LEAD_HISTORY,
        DEAL_HISTORY,
        ACTIVITIES,
    )
}
ITEM_SCHEMAS: dict[int, Schema] = {s.entity_type: s for s in SCHEMAS.values() if s.entity_type}
